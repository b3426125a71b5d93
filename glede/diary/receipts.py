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
    """All codes of a practice. ``lost`` yields what is not found; ``given`` counts the codes looked up.

    A house that came back from a backup without its link key makes codes by another key from then on. Bookings
    before the first that is wholly of the key of today are therefore looked up by the code in their row alone, and
    counted in ``of_an_earlier_key``: their receipts no longer open, which is nothing that anybody did to them.
    """

    def __init__(self, practice_id: UUID) -> None:
        self.practice_id = practice_id
        self.given = self.of_an_earlier_key = 0

    def lost(self) -> Iterator[Lost]:
        """Look every booking of the record up by each code it ever had, in the order of booking. Needs a scope."""
        index = LinkIndex.objects.filter(practice_id=self.practice_id, kind="visit").values_list("hash", flat=True)
        known = {bytes(key) for key in index.iterator(chunk_size=CHUNK)}
        rows = Appointment.objects.filter(practice_id=self.practice_id).values_list("id", "link_hash")
        current = {key: bytes(code) for key, code in rows.iterator(chunk_size=CHUNK)}
        revoked = Counter(self._subjects(kind=events.LINK_REVOKED))
        of_this_key = False
        for key in dict.fromkeys(self._subjects(kind__in=(events.BOOKED, events.IMPORTED))):
            codes = [hash_for(key, counter) for counter in range(revoked[key] + 1)]
            self.given += len(codes)
            lead, last = known.issuperset(codes), current.get(key)
            if last is None:
                yield Lost(key, GONE)
            elif lead and last == codes[-1]:
                of_this_key = True
            elif not of_this_key and last in known:
                self.of_an_earlier_key += 1
            else:
                yield Lost(key, OTHER if lead else NOWHERE)

    def _subjects(self, **which: object) -> Iterator[UUID]:
        rows = Event.objects.filter(practice_id=self.practice_id, **which).order_by("seq")
        return rows.values_list("subject_id", flat=True).iterator(chunk_size=CHUNK)
