"""What every room holds about one person, gathered from the registry of acts across rooms."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from glede.ledger import registry
from glede.ledger.models import Access, Event
from glede.people.queries.names import head_of, names, records_of
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.telling import plain
from glede.staff.queries import colleague_names

Row = dict[str, Any]
RECORD = "ledger"


@dataclass(frozen=True, slots=True)
class Export:
    """Everything about one person: the rows of each room, and by which ids they were known."""

    practice: Practice
    patient_id: UUID
    name: str
    language: str
    made_at: datetime
    records: tuple[UUID, ...]
    rooms: dict[str, list[Row]]

    def rows(self, room: str, what: str) -> list[Row]:
        """Return the rows of a room that tell of ``what``."""
        return [row for row in self.rooms.get(room, []) if row["what"] == what]

    def every(self) -> Iterator[tuple[str, str, Row]]:
        """Yield (room, what, row) of everything."""
        for room, rows in self.rooms.items():
            for row in rows:
                yield room, row["what"], row

    def as_json(self) -> Row:
        """Return it as ``person.json`` holds it."""
        return {
            "glede_export": 1,
            "practice": {"id": str(self.practice.pk), "name": self.practice.name, "country": self.practice.country},
            "person": str(self.patient_id),
            "also_known_as": [str(one) for one in self.records if one != self.patient_id],
            "made_at": self.made_at.isoformat(),
            "rooms": self.rooms,
        }


def gather(practice: Practice, patient_id: UUID, *, now: datetime) -> Export | None:
    """Return all that is held about a person and whoever was merged into them; None for a stranger to the practice."""
    with scope.transaction(practice.pk, read_only=True):
        head = head_of(practice.pk, patient_id)
        if head is None:
            return None
        records = tuple(sorted(records_of(practice.pk, [head]), key=lambda one: (one != head, one)))
        rooms = {room: [_told(row) for pk in records for row in handler(practice.pk, pk)] for room, handler in _rooms()}
        rooms[RECORD] = [row for pk in records for row in _record(practice.pk, pk)]
        person = next((row for row in rooms["people"] if row["what"] == "Patient"), {})
        known = names(practice.pk, [head]).get(head)
        return Export(
            practice=practice, patient_id=head, name=known.name if known else "", made_at=now, records=records,
            language=person.get("language") or practice.language, rooms=rooms,
        )  # fmt: skip


def _rooms() -> list[tuple[str, registry.Handler]]:
    return sorted(registry.handlers("export").items())


def _told(row: Row) -> Row:
    """Return a row with plain values: moments, days and ids as text."""
    return {key: _plain(value) for key, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if isinstance(value, str | int | bool | float | None) else str(value)


def _record(practice_id: UUID, patient_id: UUID) -> list[Row]:
    """Return who looked at a person and what was recorded of them: ids, codes and times, never a word."""
    who = {str(key): name for key, name in colleague_names(practice_id).items()}
    looks = Access.objects.filter(practice_id=practice_id, patient_id=patient_id).order_by("id")
    events = Event.objects.filter(practice_id=practice_id, patient_id=patient_id).order_by("seq")
    columns = ("id", "seq", "at", "kind", "actor_role", "subject_kind", "subject_id")
    told = [plain("look", row, but={"patient_id"}) for row in looks]
    return [row | {"who": who.get(str(row["actor_id"]), row["actor_role"])} for row in told] + [
        _told({"what": "event", **row}) for row in events.values(*columns)
    ]
