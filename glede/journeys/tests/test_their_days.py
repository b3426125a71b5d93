"""The days of people that no visit makes: birthdays, when they are due again, how long they were not here."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.diary import operations as diary
from glede.diary.models import Appointment
from glede.journeys import document, occasions
from glede.journeys.facts import NOTHING, Facts, History, Occasion, Told
from glede.journeys.forecast import forecast
from glede.journeys.operations.editing import change_journey
from glede.journeys.planner import plan
from glede.journeys.queries import person_next
from glede.journeys.tests.making import HOUSE, KARI, moment, visit
from glede.journeys.tests.stories import book, do, messages, oslo, promises, tick, touches
from glede.journeys.their_days import after_months
from glede.kernel.ref import Ref
from glede.outbox.models import Message
from glede.people.models import Patient
from glede.people.operations import record_consent
from glede.people.values import ConsentForm
from glede.practices import scope
from glede.practices.queries import practice_by_id
from glede.recall.operations import set_next_visit, take_back_next_visit
from glede.recall.values import Plan
from tests.cast import House, open_solberg

TUESDAY = date(2026, 11, 24)
EVERYTHING = deepcopy(document.default_raw())
for _row in EVERYTHING["rows"]:
    if _row["row"] in {"27", "30"}:
        _row["is_on"] = True
WHOLE = document.parse(EVERYTHING)


def occasion(trigger: str, day: date, **more: object) -> Occasion:
    ref = Ref(occasions.KINDS[trigger], UUID(int=day.toordinal()))
    return Occasion(trigger, ref, day, moment(day, time(12)), **more)  # type: ignore[arg-type]


def planned(
    *days: Occasion, person=KARI, house=HOUSE, history=NOTHING, now=datetime(2026, 11, 1, tzinfo=UTC), visits=()
):
    return plan(WHOLE, Facts(house, person, tuple(visits), occasions=days), history, now)


# What the planner says.


def test_a_birthday_is_greeted_at_ten_and_the_persons_hours_win() -> None:
    (touch,) = planned(occasion("birthday", TUESDAY))
    assert (touch.row, touch.purpose, touch.lane, touch.due_at) == (
        "27",
        "greeting",
        "marketing",
        moment(TUESDAY, time(10)),
    )
    assert touch.late_after == moment(TUESDAY, time(20))
    (evening,) = planned(occasion("birthday", TUESDAY), person=replace(KARI, hours_from=time(17)))
    assert (evening.due_at, evening.why["at"]) == (moment(TUESDAY, time(17)), "their_hours")


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
def test_ten_is_ten_on_the_wall_whatever_the_clocks_do(day: date) -> None:
    (touch,) = planned(occasion("birthday", day), now=datetime(2026, 10, 1, tzinfo=UTC))
    assert touch.due_at == moment(day, time(10))
    assert {touch.due_at.hour} <= {8, 9}


def test_who_is_due_again_hears_of_it_six_times_and_the_fifth_is_a_call() -> None:
    due = date(2026, 12, 1)
    found = planned(occasion("recall_due", due, is_agreed=True))
    assert [(t.row, t.act, (t.due_at.astimezone(UTC).date() - due).days) for t in found] == [
        ("26a", "message", -28), ("26b", "message", 0), ("26c", "message", 14), ("26d", "message", 42),
        ("26e", "call", 90), ("26f", "message", 180),
    ]  # fmt: skip
    assert all(t.why["interval_set"] for t in found if t.act == "message")


def test_the_call_comes_when_the_practice_is_open_next() -> None:
    saturday = date(2026, 11, 28)
    (call,) = [
        t for t in planned(occasion("recall_due", saturday - timedelta(days=90), is_agreed=True)) if t.act == "call"
    ]
    assert call.due_at == moment(date(2026, 11, 30), time(9))


def test_who_has_a_time_hears_nothing_more_and_what_was_told_is_not_told_again() -> None:
    due = occasion("recall_due", date(2026, 12, 1), is_met=True)
    assert planned(due) == []
    due = replace(due, is_met=False)
    told = Told("26b", due.id, due.slot, due.day, "care", is_alone=True)
    assert "26b" not in {t.row for t in planned(due, history=History((told,)))}
    # A birthday comes again: the one of last year keeps nothing back.
    last = occasion("birthday", date(2025, 11, 24))
    greeted = Told("27", last.id, last.slot, last.day, "marketing", is_alone=True)
    assert len(planned(occasion("birthday", TUESDAY), history=History((greeted,)))) == 1


def test_nothing_of_a_time_before_we_knew_or_before_we_were_live() -> None:
    due = occasion("recall_due", TUESDAY, known_at=moment(TUESDAY, time(12)))
    assert {t.row for t in planned(due)} == {"26c", "26d", "26e", "26f"}
    live = replace(HOUSE, live_since=moment(TUESDAY + timedelta(days=20), time(9)))
    assert {t.row for t in planned(due, house=live)} == {"26d", "26e", "26f"}


def test_a_reminder_takes_the_day_and_the_greeting_gives_way() -> None:
    reminded = visit(TUESDAY + timedelta(days=1), booked_at=datetime(2026, 11, 2, tzinfo=UTC))
    found = planned(occasion("birthday", TUESDAY), visits=[reminded])
    (greeting,) = [t for t in found if t.row == "27"]
    assert greeting.why["yields_to"]["row"] == "6"


def test_silence_is_counted_from_the_last_visit() -> None:
    (touch,) = planned(occasion("silent", date(2024, 11, 24)))
    assert (touch.row, touch.due_at) == ("30", moment(TUESDAY, time(10)))


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 120))
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    later = after_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


# What the engine does.


@pytest.fixture
def house(own_database: str) -> House:
    house = open_solberg("kari", "emily", is_virtual=True)
    with scope.transaction(house.id):
        Patient.objects.filter(practice_id=house.id).update(birth_date=None)
    return house


def born(house: House, who: str, day: date) -> None:
    with scope.transaction(house.id):
        Patient.objects.filter(pk=house.people[who]).update(birth_date=day)


def with_every_row(house: House) -> None:
    change_journey(practice_id=house.id, raw=EVERYTHING, under_way="move", by=house.by("sofie"), now=house.now)


def says_yes(house: House, who: str) -> None:
    for channel in ("sms", "email"):
        yes = ConsentForm("grant", "marketing", channel, collected_via="phone")
        record_consent(
            practice_id=house.id, patient_id=house.people[who], consent=yes, by=house.by("ingrid"), now=house.now
        )


def seen(house: House, who: str) -> Appointment:
    """Let somebody have been here today."""
    held = book(house, who, TUESDAY, "09:00")
    do(diary.finish_appointment, house, held, now=house.now + timedelta(hours=2))
    return held


def due_again(house: House, who: str, months: int, *, agreed: bool = True) -> UUID:
    held = seen(house, who)
    return set_next_visit(
        practice_id=house.id, patient_id=house.people[who], plan=Plan(months, "finding"), by=house.by("amal"),
        now=house.now + timedelta(hours=2), appointment_id=held.pk if agreed else None,
    ).pk  # fmt: skip


def said(house: House, *rows: str) -> list[tuple[str, str, str]]:
    return [(t.row, t.fate, t.reason) for t in touches(house) if t.row in rows]


def test_who_was_born_on_the_29th_of_february_has_her_day_on_the_28th(house: House) -> None:
    born(house, "kari", date(1984, 2, 29))
    with_every_row(house)
    says_yes(house, "kari")
    tick(house, date(2027, 3, 5), "08:00")
    (touch,) = touches(house, "27")
    assert touch.due_at == oslo(date(2027, 2, 28), "10:00")
    assert (touch.fate, touch.reason) == (
        "skipped",
        "late",
    )  # a Sunday: the law lets no greeting out, and Monday is late


@pytest.mark.parametrize(("who", "language", "words"), [("kari", "nb", "gratulerer"), ("emily", "en", "happy")])
def test_a_greeting_goes_out_in_the_persons_language(house: House, who: str, language: str, words: str) -> None:
    born(house, who, date(1984, 11, 27))
    with scope.transaction(house.id):
        Patient.objects.filter(pk=house.people[who]).update(language=language, style="short")
    with_every_row(house)
    says_yes(house, who)
    tick(house, date(2026, 11, 27), "12:00")
    (touch,) = touches(house, "27")
    assert (touch.fate, touch.reason) == ("done", "")
    (sent,) = messages(house, "27")
    assert sent.sent_at == oslo(date(2026, 11, 27), "10:00")
    assert words in sent.body.lower()
    assert "STOP" in sent.body or "/u/" in sent.body


def test_without_a_yes_nobody_is_greeted_and_the_row_says_so(house: House) -> None:
    born(house, "kari", date(1984, 11, 28))
    with_every_row(house)
    tick(house, date(2026, 12, 1), "08:00")
    ((_row, fate, reason),) = said(house, "27")
    assert (fate, reason) == ("skipped", "no_consent")


def test_kari_is_asked_again_and_again_until_she_has_a_time(house: House) -> None:
    due_again(house, "kari", 2)
    tick(house, date(2027, 2, 15), "08:00")
    assert [(t.row, t.fate) for t in touches(house) if t.row.startswith("26")][:2] == [("26a", "done"), ("26b", "done")]
    first = messages(house, "26a")[0]
    assert "snart" in first.body or "soon" in first.body
    with scope.transaction(house.id):
        assert Message.objects.filter(practice_id=house.id, touch__row="26a").count() == 1
    book(house, "kari", date(2027, 3, 10), now=oslo(date(2027, 2, 15), "08:00"))
    tick(house, date(2027, 8, 1), "08:00")
    later = [t for t in touches(house) if t.row.startswith("26") and t.due_at > oslo(date(2027, 2, 15), "08:00")]
    assert not [t for t in later if t.fate in {"done", "handed"}]


def test_three_months_late_a_colleague_rings_and_a_time_ends_it(house: House) -> None:
    due_again(house, "kari", 2)
    tick(house, date(2027, 5, 10), "08:00")
    (call,) = [p for p in promises(house, "call") if p.detail.get("row") == "26e"]
    assert call.closed_at is None
    book(house, "kari", date(2027, 5, 20), now=oslo(date(2027, 5, 10), "09:00"))
    tick(house, date(2027, 5, 10), "10:00")
    (call,) = [p for p in promises(house, "call") if p.detail.get("row") == "26e"]
    assert call.closed_at is not None


def test_a_plan_that_is_taken_back_takes_its_messages_along(house: House) -> None:
    plan_id = due_again(house, "kari", 2)
    tick(house, date(2026, 12, 3), "08:00")
    standing = [t for t in touches(house) if t.row == "26a"]
    take_back_next_visit(
        practice_id=house.id, plan_id=plan_id, by=house.by("amal"), now=oslo(date(2026, 12, 3), "08:00")
    )
    tick(house, date(2027, 2, 15), "08:00")
    assert [(t.fate, t.reason) for t in touches(house) if t.row.startswith("26")] == [("skipped", "not_needed")] * len(
        standing
    )


def test_what_nobody_agreed_at_a_visit_is_no_ground_to_write(house: House) -> None:
    due_again(house, "kari", 2, agreed=False)
    tick(house, date(2027, 1, 5), "08:00")
    assert [(fate, reason) for _row, fate, reason in said(house, "26a")] == [("skipped", "interval_not_set")]


def test_who_was_not_here_for_two_years_is_asked_once(house: House) -> None:
    seen(house, "kari")
    with_every_row(house)
    says_yes(house, "kari")
    tick(house, date(2029, 3, 1), "08:00")
    (touch,) = touches(house, "30")
    assert touch.due_at == oslo(date(2028, 11, 24), "10:00")


def test_the_forecast_tells_what_the_ticks_do(house: House) -> None:
    born(house, "kari", date(1984, 12, 5))
    due_again(house, "emily", 2)
    with_every_row(house)
    tick(house, date(2026, 11, 25), "08:00")
    now, until = oslo(date(2026, 11, 25), "08:00"), oslo(date(2027, 3, 1), "00:00")
    practice = practice_by_id(house.id)
    found = forecast(practice, since=now, until=until, now=now)
    told = {(one.row, one.at) for one in found.touches if one.row[:2] in {"26", "27"} and not one.assumes}
    tick(house, date(2027, 3, 1), "00:00")
    went = {(m.touch.row, m.sent_at) for m in messages(house) if m.touch.row[:2] in {"26", "27"}}
    assert told == went
    assert {row for row, _at in went} >= {"26a", "26b"}


def test_a_person_is_told_what_comes_next_a_year_ahead(house: House) -> None:
    born(house, "kari", date(1984, 9, 5))
    with_every_row(house)
    coming = person_next(house.id, house.people["kari"], now=house.now)
    assert [(one.row, one.due_at) for one in coming] == [("27", oslo(date(2027, 9, 5), "10:00"))]


def test_planned_again_and_again_it_is_the_same_touch(house: House) -> None:
    born(house, "kari", date(1984, 11, 28))
    with_every_row(house)
    tick(house, date(2026, 11, 25), "08:00")
    tick(house, date(2026, 11, 26), "08:00")
    change_journey(practice_id=house.id, raw=EVERYTHING, under_way="move", by=house.by("sofie"), now=house.now)
    tick(house, date(2026, 11, 27), "08:00")
    assert len(touches(house, "27")) == 1


def test_the_month_is_spread_over_its_days_and_each_has_one_of_their_own(house: House) -> None:
    due_again(house, "kari", 2)
    practice = practice_by_id(house.id)
    with scope.transaction(house.id):
        days = occasions.Window(date(2026, 12, 1), date(2027, 2, 28))
        (found,) = occasions.near(practice, document.default(), days).values()
        assert found == occasions.near(practice, document.default(), days)[house.people["kari"]]
    assert found[0].day.month == 1
    assert found[0].day.day == 1 + house.people["kari"].bytes[15] % 28


@pytest.mark.django_db
def test_the_other_practice_sees_nothing() -> None:
    ours, theirs = open_solberg("kari"), None
    from tests.cast import open_nordlys

    theirs = open_nordlys()
    with scope.transaction(theirs.id):
        days = occasions.Window(date(2020, 1, 1), date(2030, 1, 1))
        heads = occasions.near(practice_by_id(theirs.id), WHOLE, days)
    assert ours.people["kari"] not in heads
