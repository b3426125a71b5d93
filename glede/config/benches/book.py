"""How quickly free times are found in a full book, and how quickly a visit is booked in it.

Five clinicians, sixty open days of sixteen half hours, 2,650 visits. Beside the search stands the reading of the very
rows it reads by one plain statement; beside the booking, the very rows it wrote put by plain statements into twins of
their tables with the same indexes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any, Final
from uuid import UUID

from django.db import connection, connections
from psycopg import sql

from glede.catalogue.operations import add_service
from glede.catalogue.rules import ServiceForm
from glede.config.benches.scratch import gather_statistics
from glede.config.databases import OWNER
from glede.diary import operations, queries
from glede.diary.errors import TimeTaken
from glede.diary.requests import Booking, ListedVisit, TimesWanted
from glede.kernel import clock
from glede.kernel.actor import IMPORT, SYSTEM
from glede.kernel.clock import at_wall
from glede.kernel.periods import Span
from glede.people.operations import add_patient
from glede.people.values import PersonForm
from glede.practices import scope
from glede.practices.operations import NewPractice, set_opening_hours, start_practice
from glede.staff.operations import NewPractitioner, add_practitioner

CLINICIANS, DAYS, VISITS, MINUTES = 5, 60, 2650, 30
TARGET_MILLISECONDS: Final = 50.0
ZONE: Final = "Europe/Oslo"
FIRST: Final = date(2026, 11, 25)
NOW: Final = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)
HALF_HOURS: Final = tuple(time(9 + n // 2, n % 2 * 30) for n in range(16))
ROUNDS: Final = 30
_WRITTEN: Final = ("diary_appointment", "diary_claim", "diary_statechange", "ledger_event", "outside_link_index")


@dataclass(frozen=True)
class Book:
    """A full book: whose, what is booked in it, with whom, for whom."""

    practice_id: UUID
    service_id: UUID
    clinicians: tuple[UUID, ...]
    patient_id: UUID

    def wanted(self, days: int = DAYS, **more: Any) -> TimesWanted:
        """Every free time of the first ``days`` days."""
        return TimesWanted(from_day=FIRST, days=days, service_id=self.service_id, limit=100_000, **more)


def full_book(visits: int = VISITS) -> Book:
    """Write a full book into the database the connection leads to."""
    practice = start_practice(NewPractice("Bench", "NO", "nb", ZONE, virtual_now=NOW), by=SYSTEM, now=NOW)
    own: dict[str, Any] = {"practice_id": practice.pk, "by": SYSTEM, "now": NOW}
    set_opening_hours(spans=[Span(day, time(9), time(17)) for day in range(7)], **own)
    service = add_service(service=ServiceForm("eye-test", {"en": "Eye test"}, MINUTES), **own)
    clinicians = tuple(
        add_practitioner(new=NewPractitioner(f"Clinician {n}", f"Clinician {n}", "Optometrist", sort=n), **own).pk
        for n in range(CLINICIANS)
    )
    patient = add_patient(person=PersonForm(given_name="Kari", family_name="Moe"), **own)
    book = Book(practice.pk, service.pk, clinicians, patient.pk)
    given: dict[str, Any] = {**own, "by": IMPORT}
    operations.import_appointments(rows=_visits(book, visits), **given)
    gather_statistics()
    return book


def _visits(book: Book, visits: int) -> Iterator[ListedVisit]:
    places = DAYS * CLINICIANS * len(HALF_HOURS)
    for number in range(visits):
        # Spread evenly, so that there is a gap to look for on every day.
        place = number * places // max(visits, 1)
        day, rest = divmod(place, CLINICIANS * len(HALF_HOURS))
        chair, half_hour = divmod(rest, len(HALF_HOURS))
        yield ListedVisit(
            external_id=f"B{number}", patient_id=book.patient_id, service_id=book.service_id, minutes=MINUTES,
            practitioner_id=book.clinicians[chair], day=FIRST + timedelta(days=day), wall_time=HALF_HOURS[half_hour],
        )  # fmt: skip


def measure_slots(rounds: int = ROUNDS) -> dict[str, Any]:
    """Fill a book, look for every free time of sixty days in it, and return the figures (medians of ``rounds``)."""
    book = full_book()
    found = slots_in(book)
    with counted() as sixty:
        slots_in(book)
    with counted() as one:
        slots_in(book, days=1)
    milliseconds = median(_milliseconds(lambda: slots_in(book)) for _ in range(rounds))
    limit = median(_milliseconds(lambda: _rows_alone(book)) for _ in range(rounds))
    figures = {"free_times": len(found), "visits": VISITS, "clinicians": CLINICIANS, "days": DAYS, "rounds": rounds}
    return {
        "bench": "slots",
        **_figures(milliseconds, limit, "every free time of 60 days of five people"),
        "statements": len(sixty),
        "statements_for_one_day": len(one),
        "limit_words": "the same rows read by one plain statement, in the same run",
        "target": TARGET_MILLISECONDS,
        "ok": milliseconds <= TARGET_MILLISECONDS and len(one) == len(sixty),
        **figures,
    }


def slots_in(book: Book, days: int = DAYS) -> list[Any]:
    """Look for every free time of the first ``days`` days."""
    return queries.slots(book.practice_id, book.wanted(days), now=NOW)


def measure_book(rounds: int = ROUNDS) -> dict[str, Any]:
    """Fill a book, book ``rounds`` free times in it, one after the other, and return the figures (medians)."""
    book = full_book()
    offers = iter(slots_in(book))
    with counted() as statements:
        _booked(book, next(offers))
    milliseconds = median(_milliseconds(lambda: _booked(book, next(offers))) for _ in range(rounds))
    taken = next(offers)
    _booked(book, taken)
    refused = median(_milliseconds(lambda: _refused(book, taken)) for _ in range(rounds))
    return {
        "bench": "book",
        **_figures(
            milliseconds, _written_again(book, rounds), "a visit booked, with its claim, history, link and event"
        ),
        "statements": len(statements),
        "taken_ms": round(refused, 2),
        "limit_words": "the same rows put by plain statements into twins of their tables, in the same run",
        "rounds": rounds,
    }


def _figures(milliseconds: float, limit: float, words: str) -> dict[str, Any]:
    ms, limit_ms = round(milliseconds, 2), round(limit, 2)
    return {
        "figure": ms, "ms": ms, "unit": f"ms: {words}", "limit": limit_ms, "limit_ms": limit_ms,
        "ratio": round(limit / milliseconds, 2),
    }  # fmt: skip


def _booked(book: Book, offer: Any) -> None:
    request = Booking(
        patient_id=book.patient_id, day=offer.day, wall_time=offer.wall_time, service_id=book.service_id,
        practitioner_id=offer.practitioner_id,
    )  # fmt: skip
    operations.book_appointment(practice_id=book.practice_id, request=request, by=SYSTEM, now=NOW)


def _refused(book: Book, offer: Any) -> None:
    try:
        _booked(book, offer)
    except TimeTaken:
        return
    raise AssertionError("a time was booked twice")


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect every statement that is sent to the database meanwhile."""
    sent: list[str] = []

    def note(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        sent.append(statement)
        return execute(statement, *rest)

    with connection.execute_wrapper(note):
        yield sent


def _milliseconds(act: Callable[[], Any]) -> float:
    began = clock.monotonic()
    act()
    return (clock.monotonic() - began) * 1000


def _rows_alone(book: Book) -> None:
    window = (at_wall(FIRST, time(0), ZONE), at_wall(FIRST + timedelta(days=DAYS), time(0), ZONE))
    with scope.transaction(book.practice_id), connection.cursor() as cursor:
        cursor.execute(
            "select chair, starts_at, ends_at from diary_claim"
            " where practice_id = %s and is_active and starts_at >= %s and starts_at < %s",
            [book.practice_id, *window],
        )
        if len(cursor.fetchall()) < VISITS:
            raise AssertionError("the book is not full")


def _written_again(book: Book, rounds: int) -> float:
    with connections[OWNER].cursor() as cursor:
        cursor.execute("select set_config('glede.practices', %s, false)", [str(book.practice_id)])
        for table in _WRITTEN:
            names = {"table": sql.Identifier(table), "twin": sql.Identifier(f"twin_{table}")}
            cursor.execute(sql.SQL("create table {twin} (like {table} including all)").format(**names))
        cursor.execute("select id from diary_appointment order by booked_at, id desc limit %s", [rounds])
        keys = [key for (key,) in cursor.fetchall()]
        found = median(_milliseconds(lambda key=key: _put_again(cursor, key)) for key in keys)  # type: ignore[misc]
        cursor.execute(
            sql.SQL("drop table {}").format(sql.SQL(", ").join(sql.Identifier(f"twin_{t}") for t in _WRITTEN))
        )
    return found


def _put_again(cursor: Any, key: UUID) -> None:
    by_visit = "appointment_id = %s"
    which = {
        "diary_appointment": "id = %s",
        "diary_claim": by_visit,
        "diary_statechange": by_visit,
        "ledger_event": "subject_kind = 'appointment' and subject_id = %s",
        "outside_link_index": "hash = (select link_hash from diary_appointment where id = %s)",
    }
    copies = sql.SQL("; ").join(
        sql.SQL("insert into {} select * from {} where {}").format(
            sql.Identifier(f"twin_{table}"), sql.Identifier(table), sql.SQL(clause.replace("%s", "{}")).format(key)
        )
        for table, clause in which.items()
    )
    cursor.execute(sql.SQL("begin; {}; commit").format(copies))
