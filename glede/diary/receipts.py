"""Every receipt code ever given leads to its booking: told from the record, looked up as a patient's is."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from glede.diary import events
from glede.diary.models import Appointment
from glede.diary.operations.links import hash_for
from glede.ledger.models import Event
from glede.practices.models import LinkIndex

CHUNK = 5000
GONE, NOWHERE, OTHER = "gone", "nowhere", "other"


@dataclass(frozen=True, slots=True)
class Lost:
    """A booking that is not found by its code: it is gone, the code leads nowhere, or it has another by now."""

    appointment_id: UUID
    how: str


class Receipts:
    """All codes of a practice. ``lost`` yields what is not found; ``given`` counts the codes looked up."""

    def __init__(self, practice_id: UUID) -> None:
        self.practice_id = practice_id
        self.given = 0

    def lost(self) -> Iterator[Lost]:
        """Look every booking of the record up by each code it ever had. Needs a scope."""
        index = LinkIndex.objects.filter(practice_id=self.practice_id, kind="visit").values_list("hash", flat=True)
        known = {bytes(key) for key in index.iterator(chunk_size=CHUNK)}
        rows = Appointment.objects.filter(practice_id=self.practice_id).values_list("id", "link_hash")
        current = {key: bytes(code) for key, code in rows.iterator(chunk_size=CHUNK)}
        revoked = Counter(self._subjects(kind=events.LINK_REVOKED))
        for key in dict.fromkeys(self._subjects(kind__in=(events.BOOKED, events.IMPORTED))):
            codes = [hash_for(key, counter) for counter in range(revoked[key] + 1)]
            self.given += len(codes)
            if key not in current:
                yield Lost(key, GONE)
            elif not known.issuperset(codes):
                yield Lost(key, NOWHERE)
            elif current[key] != codes[-1]:
                yield Lost(key, OTHER)

    def _subjects(self, **which: object) -> Iterator[UUID]:
        rows = Event.objects.filter(practice_id=self.practice_id, **which).order_by("seq")
        return rows.values_list("subject_id", flat=True).iterator(chunk_size=CHUNK)
