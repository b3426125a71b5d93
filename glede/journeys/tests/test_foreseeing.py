"""What the policy says of a message before its hour: seen as soon as it is known, and the same at the claim."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from glede.journeys.operations import follow
from glede.journeys.queries import person_next
from glede.journeys.tests.crowds import crowd, free, refuse, wish
from glede.journeys.tests.stories import NEXT_THURSDAY, NEXT_WEDNESDAY, book, move, oslo, promises, tick, told, touches
from glede.kernel import failpoints
from glede.outbox import queries, transports
from glede.outbox.foresight import Foresight, foreseen_in
from glede.outbox.models import Touch
from glede.outbox.operations import asking, claiming, foreseeing
from glede.outbox.tests.scenes import Scripted
from glede.people import operations as people
from glede.people.values import ConsentForm
from tests.cast import House, open_solberg
from tests.depth import count, seeds

WEDNESDAY = date(2026, 11, 25)
LATER = date(2026, 12, 11)


@pytest.fixture
def house(db: None) -> House:
    return open_solberg("emily", "lea", "tor", "solveig", is_virtual=True)


@pytest.fixture(autouse=True)
def all_guards_on() -> Iterator[None]:
    yield
    failpoints.remove_guards()


def foreseen(house: House, row: str) -> Foresight:
    (touch,) = [t for t in touches(house, row) if t.act == "message"]
    return foreseen_in(touch.why)


def fates(house: House, row: str) -> list[str]:
    """Return the fates of a row's messages as the board tells them."""
    day = touches(house, row)[0].due_at
    board = queries.board(house.id, since=day - timedelta(days=1), until=day + timedelta(days=1), now=house.now)
    messages = {t.id for t in touches(house, row) if t.act == "message"}
    return [line.fate for line in board.lines if line.touch_id in messages]


def test_what_may_go_says_on_which_ground_and_by_which_way(house: House) -> None:
    book(house, "emily")
    follow(house.id, now=house.now)
    assert foreseen(house, "6") == Foresight("allow", ("care",), "sms")
    assert fates(house, "6") == ["will_go"]


def test_who_has_refused_is_seen_before_the_hour_and_skipped_at_it(house: House) -> None:
    book(house, "emily")
    follow(house.id, now=house.now)
    refuse(house, "emily")
    follow(house.id, now=house.now)
    (reminder,) = touches(house, "6")
    assert reminder.why["foreseen"] == {"decision": "deny", "reasons": ["opted_out"]}
    assert (reminder.fate, reminder.due_at) == ("open", oslo(NEXT_WEDNESDAY, "15:00"))
    assert fates(house, "6") == ["will_not_go"]
    (coming,) = [c for c in person_next(house.id, house.people["emily"], now=house.now) if c.row == "6"]
    assert foreseen_in(coming.why).is_denied
    tick(house, NEXT_THURSDAY, "09:00")
    assert told(touches(house, "6")) == [("6", "message", "skipped", "opted_out")]


def test_without_the_guard_nobody_would_see_it_and_it_would_go(house: House) -> None:
    failpoints.remove_guards("optout")
    book(house, "emily")
    refuse(house, "emily")
    follow(house.id, now=house.now)
    assert foreseen(house, "6").decision == "allow"
    tick(house, NEXT_THURSDAY, "09:00")
    assert told(touches(house, "6")) == [("6", "message", "done", "")]


def test_who_changes_their_mind_before_the_hour_gets_it(house: House) -> None:
    book(house, "emily")
    refuse(house, "emily")
    follow(house.id, now=house.now)
    assert fates(house, "6") == ["will_not_go"]
    again = house.now + timedelta(hours=1)
    yes = ConsentForm(action="grant", purpose="all", collected_via="phone")
    people.record_consent(
        practice_id=house.id, patient_id=house.people["emily"], consent=yes, by=house.by("ingrid"), now=again
    )
    follow(house.id, now=again)
    assert (foreseen(house, "6").decision, fates(house, "6")) == ("allow", ["will_go"])
    tick(house, NEXT_THURSDAY, "09:00")
    assert told(touches(house, "6")) == [("6", "message", "done", "")]


def test_one_way_refused_the_next_is_foreseen_or_a_colleague(house: House) -> None:
    book(house, "emily")
    refuse(house, "emily", "sms")
    follow(house.id, now=house.now)
    assert foreseen(house, "6") == Foresight("allow", ("care",), "email")
    refuse(house, "emily", "email")
    follow(house.id, now=house.now)
    assert foreseen(house, "6") == Foresight("deny", ("opted_out",), becomes_call=True)
    tick(house, NEXT_THURSDAY, "09:00")
    assert told(touches(house, "6")) == [("6", "message", "handed", "opted_out")]
    assert "undelivered:6" in [p.cause for p in promises(house, "call")]


def test_what_a_mother_refuses_is_foreseen_for_her_child(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transports, "_transports", {"email": Scripted(), "sms": Scripted()})
    house = open_solberg("berit", "ella", is_virtual=True)
    book(house, "ella")
    follow(house.id, now=house.now)
    assert foreseen(house, "6").decision == "allow"
    refuse(house, "berit")
    follow(house.id, now=house.now)
    assert foreseen(house, "6") == Foresight("deny", ("opted_out",))


def test_whom_we_have_no_address_of_is_seen_as_a_call_before_the_hour(house: House) -> None:
    book(house, "solveig")
    follow(house.id, now=house.now)
    assert foreseen(house, "6") == Foresight("deny", ("no_channel",), becomes_call=True)
    assert fates(house, "6") == ["will_not_go"]


def test_a_pause_is_seen_as_held_until_it_ends_and_moves_nothing(house: House) -> None:
    visit = book(house, "emily")
    wish(house, "emily", pause_until=date(2026, 11, 27))
    tick(house, WEDNESDAY, "19:58")
    move(house, visit, LATER, "10:00", by="ingrid", now=oslo(WEDNESDAY, "19:58"))
    follow(house.id, now=oslo(WEDNESDAY, "19:58"))
    assert foreseen(house, "8").until == oslo(date(2026, 11, 27), "09:00")
    assert touches(house, "8")[0].due_at == oslo(WEDNESDAY, "20:01")
    house.now = oslo(WEDNESDAY, "19:58")
    assert fates(house, "8") == ["held"]
    wish(house, "emily", pause_until="none")
    follow(house.id, now=oslo(WEDNESDAY, "19:58"))
    assert foreseen(house, "8").until == oslo(date(2026, 11, 26), "09:00")


def test_a_pause_past_the_cut_off_is_seen_as_a_call_until_the_person_is_back(house: House) -> None:
    book(house, "emily")
    wish(house, "emily", pause_until=date(2026, 12, 24))
    follow(house.id, now=house.now)
    assert foreseen(house, "6") == Foresight("deny", ("late",), becomes_call=True)
    wish(house, "emily", pause_until="none")
    follow(house.id, now=house.now)
    assert foreseen(house, "6").decision == "allow"


def test_hours_hold_at_the_claim_as_foreseen(house: House) -> None:
    visit = book(house, "emily")
    tick(house, WEDNESDAY, "19:58")
    move(house, visit, LATER, "10:00", by="ingrid", now=oslo(WEDNESDAY, "19:58"))
    follow(house.id, now=oslo(WEDNESDAY, "19:58"))
    assert foreseen(house, "8") == Foresight(
        "defer", ("care", "hours_of_practice"), "sms", oslo(date(2026, 11, 26), "09:00")
    )
    tick(house, WEDNESDAY, "22:00")
    lines = queries.of_patient(house.id, [house.people["emily"]], now=oslo(WEDNESDAY, "22:00"))
    (line,) = [one for one in lines if one.row == "8" and one.channel != "call"]
    assert (line.fate, line.held_by, line.held_until) == ("held", "hours", oslo(date(2026, 11, 26), "09:00"))


def test_a_wider_wish_lets_a_held_message_be_asked_about_again(house: House) -> None:
    visit = book(house, "emily")
    wish(house, "emily", pause_until=date(2026, 11, 27))
    tick(house, WEDNESDAY, "12:00")
    move(house, visit, LATER, "10:00", by="ingrid", now=oslo(WEDNESDAY, "12:00"))
    tick(house, WEDNESDAY, "12:10")
    wish(house, "emily", pause_until="none")
    tick(house, WEDNESDAY, "12:11")
    assert [t.fate for t in touches(house, "8") if t.act == "message"] == ["done"]


@contextmanager
def first_claims(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[Any, tuple[Foresight, Foresight, Touch]]]:
    """Collect, for each message, what stood in its why and what the claim said when it was first asked."""
    seen: dict[Any, tuple[Foresight, Foresight, Touch]] = {}
    write = claiming._write

    def watched(this: Any, practice: Any, cases: Any, batch: Any, now: Any) -> None:
        for case in cases:
            if case.touch.act == "message":
                said = foreseeing._told(case)
                seen.setdefault(case.message.id, (foreseen_in(case.touch.why), said, case.touch))
        write(this, practice, cases, batch, now)

    with monkeypatch.context() as patched:
        patched.setattr(claiming, "_write", watched)
        yield seen


def lived(
    house: House, monkeypatch: pytest.MonkeyPatch, seed: int, how_many: int
) -> list[tuple[Foresight, Foresight, Touch]]:
    """Live through three weeks of such a crowd, some of whose visits we move late in the evening."""
    monkeypatch.setattr(transports, "_transports", {"email": Scripted(), "sms": Scripted()})
    random = Random(seed)
    with first_claims(monkeypatch) as seen:
        visits = crowd(house, random, how_many)
        tick(house, WEDNESDAY, "19:58")
        for number, visit in enumerate(random.sample(visits, len(visits) // 3)):
            move(house, visit, *free(date(2026, 12, 15), number), by="ingrid", now=oslo(WEDNESDAY, "19:58"))
        tick(house, date(2026, 12, 24), "09:00", assume_attended=True)
    return list(seen.values())


@pytest.mark.parametrize("seed", seeds(5))
def test_what_is_foreseen_is_what_the_claim_says(house: House, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    found = lived(house, monkeypatch, seed, count(80, least=16))
    assert {ahead.decision for ahead, _, _ in found} == {"allow", "deny", "defer"}
    assert {(t.row, ahead, said) for ahead, said, t in found if ahead != said} == set()


def test_asked_of_the_wrong_moment_the_two_would_differ(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking.Asking, "at", lambda one, _: one)
    found = lived(house, monkeypatch, 0, 3)
    assert any(ahead != said for ahead, said, _ in found)
