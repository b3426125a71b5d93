"""Mails that are kept, as the reader and the pages ask for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from glede.channels.mailbox.values import Kept
from glede.channels.mailbox.wording import words_of
from glede.channels.models import RawMail
from glede.channels.operations.mails import subject_of
from glede.ledger.queries import events_of
from glede.practices import scope
from glede.practices.queries import practice_by_id

PAGE = 50


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail that was read, as a list shows it. ``settled_by`` is the membership of who saw to it, if it was held."""

    id: UUID
    came_at: datetime
    address: str
    subject: str
    state: str
    sort: str
    reason: str
    size: int
    urgency: int
    patient_id: UUID | None
    settled_at: datetime | None
    settled_by: UUID | None
    note: str

    @property
    def is_held(self) -> bool:
        """Whether it still waits for a colleague."""
        return self.state == Kept.HELD.value and self.settled_at is None


def uids_kept(practice_id: UUID, mailbox_id: UUID, uidvalidity: int, low: int, high: int) -> set[int]:
    """Return which uids of a mailbox are kept, from ``low`` to ``high``."""
    with scope.transaction(practice_id):
        rows = RawMail.objects.filter(practice_id=practice_id, mailbox_id=mailbox_id, uidvalidity=uidvalidity)
        uids = rows.filter(uid__gte=low, uid__lte=high).values_list("uid", flat=True)
        return {uid for uid in uids if uid is not None}


def waiting(practice_id: UUID, *, limit: int = PAGE) -> list[UUID]:
    """Return the mails nobody has read yet, the oldest first."""
    with scope.transaction(practice_id):
        rows = RawMail.objects.filter(practice_id=practice_id, state=Kept.STORED.value)
        return list(rows.order_by("stored_at", "uid", "pk").values_list("pk", flat=True)[:limit])


def held(practice_id: UUID) -> int:
    """Return how many mails wait for a colleague."""
    with scope.transaction(practice_id):
        return RawMail.objects.filter(practice_id=practice_id, state=Kept.HELD.value, settled_at=None).count()


def mails_page(practice_id: UUID, *, only_held: bool, before: UUID | None = None) -> tuple[list[KeptMail], UUID | None]:
    """Return a page of mails, the newest first, and where the next one begins."""
    with scope.transaction(practice_id):
        rows = RawMail.objects.filter(practice_id=practice_id).exclude(state=Kept.STORED.value)
        if only_held:
            rows = rows.filter(state=Kept.HELD.value, settled_at=None)
        if before is not None:
            rows = rows.filter(pk__lt=before)
        found = [_kept(row) for row in rows.defer("sealed").order_by("-pk")[: PAGE + 1]]
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def mail_by_id(practice_id: UUID, mail_id: UUID) -> KeptMail | None:
    """Return a mail without its words, or None where this practice has no such mail that was read."""
    with scope.transaction(practice_id):
        rows = RawMail.objects.filter(practice_id=practice_id, pk=mail_id).exclude(state=Kept.STORED.value)
        row = rows.defer("sealed").first()
    return _kept(row) if row else None


def words_for(practice_id: UUID, mail_id: UUID) -> str:
    """Return what stands in a mail, as text."""
    with scope.transaction(practice_id):
        row = RawMail.objects.get(practice_id=practice_id, pk=mail_id)
    return words_of(row, practice_by_id(practice_id))


def opened_by(practice_id: UUID, mail_id: UUID, kinds: Iterable[str]) -> set[UUID]:
    """Return which colleagues noted one of these acts on a mail."""
    with scope.transaction(practice_id):
        told = events_of(practice_id, subject_of(mail_id))
    return {one.by.id for one in told if one.kind in set(kinds) and one.by.id is not None}


def _kept(row: RawMail) -> KeptMail:
    return KeptMail(
        row.pk, row.came_at, row.address, row.subject, row.state, row.sort, row.reason, row.size, row.urgency,
        row.patient_id, row.settled_at, row.settled_by, row.note,
    )  # fmt: skip
