"""What came of a row: Emily is written to for real, and what she does counts once, for the message it followed."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from glede.diary import operations as diary
from glede.feedback.operations import Answers, give_response
from glede.inbox.operations import Incoming, receive_message
from glede.journeys import measures
from glede.journeys.measured import (
    ANSWERED,
    BOOKED,
    CALL,
    CAME,
    CHANGED,
    FATES,
    HELD,
    RATED,
    REHEARSED,
    SENT,
    SKIPPED,
    Followed,
    Measured,
    Share,
    Standing,
    Texts,
    acts_of,
    measured,
    wilson,
)
from glede.journeys.operations import follow
from glede.journeys.queries import row_measures
from glede.journeys.tests.stories import NEXT_WEDNESDAY, book, bring, do, oslo, tick
from glede.journeys.tests.test_commands import typed
from glede.kernel.actor import PROVIDER
from glede.outbox import sending, transports
from glede.outbox.models import Message, Touch
from glede.outbox.operations.reporting import Report, take_report
from glede.outbox.rules import State
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import Scripted
from glede.people.operations import opt_out
from glede.practices import scope
from glede.practices.operations import go_live
from tests.cast import House, open_nordlys, open_solberg

MONDAY, THURSDAY = date(2026, 11, 30), date(2026, 12, 3)
CLOSED = oslo(date(2026, 12, 12), "00:00")


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> House:
    """The house, live for a month, with Emily, who has been before, and a mail server that takes everything."""
    monkeypatch.setattr(transports, "_transports", {"email": Scripted()})
    monkeypatch.setattr(sending, "connection", SimpleNamespace(in_atomic_block=False))
    house = open_solberg("emily")
    bring(house, "emily", date(2025, 3, 3), number="before", now=house.now)
    go_live(practice_id=house.id, by=house.by("sofie"), now=house.now - timedelta(days=30))
    return house


def send(house: House, now: datetime) -> None:
    follow(house.id, now=now)
    while send_due(house.id, now=now).taken:
        pass


def seen(house: House, now: datetime = CLOSED, days: int = 30) -> dict[str, Measured]:
    return row_measures(house.id, since=now - timedelta(days=days), until=now, now=now)


def counts(found: Mapping[str, Measured], what: str) -> dict[str, int]:
    """Return of which rows something is told, and how often."""
    return {row: one.followed[what] for row, one in found.items() if one.followed[what]}


def lived(house: House, *, confirms: str = "emily", says: timedelta = timedelta(hours=1)) -> Any:
    """Let Emily book, confirm, ask, move nothing, come, and say how it went."""
    visit = book(house, "emily", THURSDAY)
    send(house, house.now)
    do(diary.confirm_appointment, house, visit, by=confirms, now=house.now + timedelta(hours=2))
    asked = oslo(MONDAY, "10:00")
    send(house, asked)
    message = Incoming(patient_id=house.people["emily"], words="Is there a place to park?")
    receive_message(practice_id=house.id, message=message, by=house.by("emily"), now=asked + says)
    send(house, oslo(NEXT_WEDNESDAY, "15:00"))
    opt_out(
        practice_id=house.id, patient_id=house.people["emily"], channel="email", scope="marketing", how="email",
        by=house.by("emily"), now=oslo(NEXT_WEDNESDAY, "18:00"),
    )  # fmt: skip
    do(diary.arrive_appointment, house, visit, now=oslo(THURSDAY, "09:55"))
    do(diary.start_appointment, house, visit, by="amal", now=oslo(THURSDAY, "10:00"))
    do(diary.finish_appointment, house, visit, by="amal", now=oslo(THURSDAY, "10:30"))
    send(house, oslo(THURSDAY, "12:30"))
    return visit


def test_each_thing_counts_once_for_the_message_it_followed(house: House) -> None:
    visit = lived(house)
    answers = Answers(score=2, words="Nobody listened to me")
    told = oslo(THURSDAY, "20:00")
    give_response(practice_id=house.id, appointment_id=visit.pk, answers=answers, by=house.by("emily"), now=told)
    found = seen(house)
    assert {row: one.sent for row, one in found.items() if one.sent} == {"2": 1, "5": 1, "6": 1, "12": 1}
    assert counts(found, "changed") == {"2": 1}
    assert counts(found, "answered") == {"5": 1}
    assert counts(found, "stopped") == {"6": 1}
    assert counts(found, "rated") == counts(found, "complained") == {"12": 1}
    assert {row: one.acted for row, one in found.items() if one.acted} == {"2": 1, "12": 1}
    with scope.transaction(house.id):
        assert sum(one.planned for one in found.values()) == Touch.objects.count()


def test_what_is_no_answer_of_theirs_or_comes_too_late_counts_nowhere(house: House) -> None:
    lived(house, confirms="ingrid", says=timedelta(minutes=-1))
    book(house, "emily", date(2027, 1, 14), now=oslo(THURSDAY, "13:00"))
    found = seen(house)
    assert counts(found, "changed") == {}
    assert counts(found, "answered") == {"2": 1}  # she asked before the message of that day
    assert (counts(found, "booked"), found["12"].acted) == ({"12": 1}, 1)
    late = oslo(date(2026, 12, 11), "09:00")
    message = Incoming(patient_id=house.people["emily"], words="One more question")
    receive_message(practice_id=house.id, message=message, by=house.by("emily"), now=late)
    assert counts(seen(house), "answered") == {"2": 1}


def test_without_the_next_message_it_would_count_twice(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(house)
    assert counts(seen(house), "answered") == {"5": 1}
    for until in ("person_until", "visit_until"):
        monkeypatch.setattr(measures, "_FOLLOWED", measures._FOLLOWED.replace(f"least({until}, ", "least('infinity', "))
    assert counts(seen(house), "answered") == {"2": 1, "5": 1}


def test_what_arrived_failed_and_cost_is_what_the_provider_told(house: House) -> None:
    lived(house)
    with scope.transaction(house.id):
        sent = {m.touch.row: m for m in Message.objects.filter(state="accepted").select_related("touch")}
        Message.objects.filter(pk=sent["6"].pk).update(channel="sms", parts=2)
    for row, state in (("2", State.DELIVERED), ("5", State.SENT), ("6", State.READ)):
        report = Report(state=state, provider_id=sent[row].provider_id or "p", price=Decimal("0.8"), currency="NOK")
        take_report(practice_id=house.id, message_id=sent[row].pk, report=report, by=PROVIDER, now=CLOSED)
    found = seen(house)
    assert {row: one.delivered for row, one in found.items() if one.delivered} == {"2": 1, "6": 1}
    assert (found["6"].texts, found["6"].parts, found["6"].prices) == (1, 2, {"NOK": Decimal("0.8")})
    assert found["2"].texts == 0


def test_held_and_skipped_say_why_and_a_span_ends(house: House) -> None:
    visit = book(house, "emily", THURSDAY)
    night = oslo(MONDAY, "10:00")
    send(house, house.now)
    follow(house.id, now=night)
    with scope.transaction(house.id):
        later = night + timedelta(hours=3)
        assert Message.objects.filter(touch__row="5").update(held_until=later, held_by="staff") == 1
    found = seen(house, night + timedelta(minutes=1))
    assert (found["5"].fates[HELD], found["5"].why[HELD]) == (1, {"staff": 1})
    do(diary.cancel_appointment, house, visit, by="emily", reason="time", now=night + timedelta(minutes=2))
    send(house, night + timedelta(minutes=3))
    found = seen(house)
    assert found["5"].fates[SKIPPED] == found["6"].fates[SKIPPED] == 1
    assert found["6"].why == {SKIPPED: {"cancelled": 1}}
    assert sum(one.planned for one in seen(house, house.now, days=7).values()) == 0


def test_a_rehearsed_message_was_never_sent(db: None) -> None:
    house = open_solberg("emily", is_virtual=True)
    book(house, "emily", THURSDAY)
    tick(house, THURSDAY, "09:00")
    found = seen(house)
    assert found["6"].fates == {**dict.fromkeys(FATES, 0), REHEARSED: 1}
    with scope.transaction(house.id):
        Touch.objects.update(live=True)  # as if it had been for real, by whatever slip: nothing left
    assert seen(house)["6"].sent == 0
    assert all(not one.sent for one in seen(house).values())


def test_three_statements_however_many_and_the_other_practice_sees_nothing(house: House) -> None:
    lived(house)
    nordlys = open_nordlys()
    seen(house)
    with (
        CaptureQueriesContext(
            connection,
        ) as asked,
        scope.transaction(house.id),
    ):
        seen(house)
    assert len([one for one in asked.captured_queries if "outbox_touch" in one["sql"]]) == 3
    assert all(not one.planned and not one.texts and not any(one.followed.values()) for one in seen(nordlys).values())


def test_the_command_tells_the_same_and_writes_a_table(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from glede.practices import queries as practices

    lived(house)
    monkeypatch.setattr(practices, "practice_now", lambda _: CLOSED)
    file = tmp_path / "rows.csv"
    told = typed(capsys, "journey", "measures", "--days", "30", "--csv", str(file))
    (two,) = [row for row in told["rows"] if row["row"] == "2"]
    assert two["fates"]["sent"] == 1
    assert two["shares"]["acted_on"] == {"n": 1, "of": 1, "percent": None, "low": None, "high": None}
    header, *lines = file.read_text("utf-8").splitlines()
    assert header.startswith("row,name,planned,sent,held,")
    assert len(lines) == len(told["rows"])


# From counts alone.

STANDINGS = st.builds(
    Standing, st.sampled_from(["2", "6"]), st.booleans(), st.sampled_from(["", *(s.value for s in State)]),
    st.sampled_from(["open", "done", "skipped", "handed"]), st.sampled_from(["", "moved", "call"]),
    st.sampled_from(["", "hours"]), st.booleans(), st.integers(1, 40),
)  # fmt: skip


@given(st.lists(STANDINGS))
def test_every_touch_stands_in_exactly_one_fate(standing: list[Standing]) -> None:
    found = measured({"2": frozenset(), "6": frozenset()}, standing, [], [])
    for row, one in found.items():
        of_row = [s for s in standing if s.row == row]
        assert sum(one.fates.values()) == one.planned == sum(s.n for s in of_row)
        assert one.sent <= sum(s.n for s in of_row if s.is_live and s.state != "rehearsed")
        assert one.delivered <= one.sent
        assert one.reached <= one.fates[CALL]


@given(st.integers(1, 4000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_share_lies_in_its_interval_and_too_few_say_nothing(case: tuple[int, int]) -> None:
    share = Share(*case)
    low, high = wilson(*case)
    assert 0 <= low <= share.n / share.of <= high <= 1
    assert share.is_told == (share.of >= 10)
    if share.between is None or share.percent is None:
        assert share.of < 10
    else:
        assert share.between[0] <= share.percent <= share.between[1]


def test_the_interval_is_that_of_the_books() -> None:
    low, high = wilson(15, 20)
    assert (round(low, 4), round(high, 4)) == (0.5313, 0.8881)  # Wilson 1927, 95 %, 15 of 20
    assert Share(0, 0).percent is None


def test_what_counts_as_acted_on_follows_from_what_begins_the_row() -> None:
    assert acts_of(("visit",)) == acts_of(("booked", "moved_by_patient")) == {CHANGED}
    assert acts_of(("done",)) == {RATED, BOOKED}
    assert acts_of(("moved_by_practice", "cancelled_by_practice")) == {CHANGED, BOOKED}
    assert acts_of(("we_run_late",)) == {CAME}
    assert acts_of(("recall_due",)) == {BOOKED}
    assert acts_of(("silent",)) == {ANSWERED, BOOKED}
    assert acts_of(("birthday",)) == frozenset()
    both = Followed("12", frozenset({RATED, BOOKED, "answered"}), 3)
    found = measured({"12": acts_of(("done",))}, [], [both], [Texts("12", 2, 3, 0, None, "")])
    assert (found["12"].acted, found["12"].followed[RATED], found["12"].fates[SENT]) == (3, 3, 0)
    assert (found["12"].parts, found["12"].prices) == (3, {})
