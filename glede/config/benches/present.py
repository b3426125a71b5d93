"""The morning at which everything is measured: a full day, weeks ahead, people who wait, one with a long history."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from uuid import UUID

from glede.config.benches import PRESENT, Size
from glede.config.benches.copies import copy_of
from glede.config.benches.seeds import WORDS, House
from glede.diary import operations as diary
from glede.diary.requests import ListedVisit
from glede.diary.rules import State
from glede.inbox import operations as inbox
from glede.journeys.operations import advance
from glede.kernel.actor import Actor
from glede.kernel.clock import day_of
from glede.kernel.ref import Ref
from glede.practices.operations import move_clock
from glede.promises.operations import NewPromise, make_promises

ZONE = "Europe/Oslo"
SLOT_MINUTES = 30
FIRST_HOUR = 9
WAITING = 24
PROMISES_AT_ONCE = 250
KINDS = ("call", "settle", "follow_up", "recover", "thank", "undelivered", "move_ok")


def meet_the_present(house: House, size: Size) -> UUID:
    """Bring the practice to its present morning; return the person with the long history."""
    long_known = house.people[0]
    _remember(house, long_known, size)
    move_clock(practice_id=house.practice_id, to=PRESENT - timedelta(hours=1))
    house.now = PRESENT - timedelta(hours=1)
    visits = _fill_diary(house, size)
    _promise(house, visits, size)
    _write(house, long_known, size)
    advance(house.practice_id, to=PRESENT)
    house.now = PRESENT
    _receive(house, visits[0])
    return long_known


def somebody_of(house: House, size: Size, number: int) -> UUID:
    """Return one of all the people; the same for the same number, spread over all copies."""
    return copy_of(house.people[number % size.seeds], number * 17 % size.copies)


def _remember(house: House, patient_id: UUID, size: Size) -> None:
    first = day_of(PRESENT, ZONE) - timedelta(days=60 * size.long_history)
    lines = [
        ListedVisit(
            external_id=f"H-{number}", patient_id=patient_id, service_id=house.services[number % 4],
            practitioner_id=house.chairs[0], day=first + timedelta(days=60 * number), wall_time=time(10),
            state=State.DONE, source="import",
        )
        for number in range(size.long_history)
    ]  # fmt: skip
    diary.import_appointments(rows=lines, **{**house.given(), "now": PRESENT})


def _fill_diary(house: House, size: Size) -> list[list[UUID]]:
    """Fill today and the days ahead; return the visits of each day."""
    today = day_of(PRESENT, ZONE)
    days = [d for n in range(size.days_ahead * 7 // 5 + 3) if (d := today + timedelta(days=n)).weekday() < 5]
    lines = [line for place, day in enumerate(days[: size.days_ahead + 1]) for line in _day(house, size, day, place)]
    outcomes = diary.import_appointments(rows=lines, **house.given())
    ids = [outcome.appointment_id for outcome in outcomes if outcome.appointment_id]
    return [ids[n : n + size.visits_a_day] for n in range(0, len(ids), size.visits_a_day)]


def _day(house: House, size: Size, day: date, place: int) -> list[ListedVisit]:
    lines = []
    for number in range(size.visits_a_day):
        chair, slot = number % size.chairs, number // size.chairs
        minutes = FIRST_HOUR * 60 + slot * SLOT_MINUTES
        lines.append(
            ListedVisit(
                external_id=f"N-{place}-{number}", day=day, wall_time=time(minutes // 60, minutes % 60),
                patient_id=somebody_of(house, size, 1 + place * size.visits_a_day + number), minutes=25,
                service_id=house.services[3], practitioner_id=house.chairs[chair], source="import",
            )
        )  # fmt: skip
    return lines


def _promise(house: House, visits: Sequence[Sequence[UUID]], size: Size) -> None:
    """Promise what only a person can do: a third by tonight, the rest over the weeks to come."""
    coming = [visit for day in visits for visit in day]
    new = []
    for number in range(size.promises):
        is_today = number % 3 == 0
        due = PRESENT + (timedelta(minutes=number % 400) if is_today else timedelta(days=1 + number % 40))
        kind, patient_id = KINDS[number % len(KINDS)], somebody_of(house, size, number * 3)
        is_visit = kind in {"call", "settle", "move_ok"}
        subject = Ref("appointment", coming[number % len(coming)]) if is_visit else Ref("patient", patient_id)
        new.append(
            NewPromise(
                kind=kind, subject=subject, due_at=due, cause=f"{kind}:{number}" if number % 2 else kind,
                patient_id=patient_id,
            )
        )  # fmt: skip
    for start in range(0, len(new), PROMISES_AT_ONCE):
        make_promises(new=new[start : start + PROMISES_AT_ONCE], **house.given())


def _write(house: House, long_known: UUID, size: Size) -> None:
    """Let people write: most wait for an answer, the one we have long known is answered each time."""
    for number in range(WAITING):
        patient_id = somebody_of(house, size, 5 + number * 29)
        message = inbox.Incoming(patient_id=patient_id, words=WORDS[number % len(WORDS)])
        inbox.receive_message(message=message, **house.given(Actor("patient", patient_id)))
    for number in range(size.long_history // 2):
        message = inbox.Incoming(patient_id=long_known, words=WORDS[number % len(WORDS)])
        row = inbox.receive_message(message=message, **house.given(Actor("patient", long_known)))
        answer = "We will look at exactly that."
        inbox.reply(conversation_id=row.conversation_id, words=answer, answers_to=row.n, **house.given())


def _receive(house: House, today: Sequence[UUID]) -> None:
    """Let the morning's people come: some are done, some with a clinician, some wait."""
    for number, visit in enumerate(today[:12]):
        given = {"appointment_id": visit, **house.given()}
        diary.arrive_appointment(**given)
        if number < 8:
            diary.start_appointment(**given)
        if number < 4:
            diary.finish_appointment(**given)
