"""What a setting said before and after, kept as a row of its own: the record holds its id, never the words."""

from typing import Any
from uuid import UUID

from django.db.models import Max

from glede.kernel.ref import Ref
from glede.practices.models import SettingChange
from glede.practices.recording import Act

# What a change says of a row that is offered, or works here, and of one that does no more.
STANDS, GONE = {"stands": True}, {"stands": False}


class ChangedSince(Exception):
    """What is to be undone was changed again later; undoing it would undo that too."""


class NoSuchChange(LookupError):
    """The practice has no such change of a setting."""


def note_change(
    changing: Act,
    subject: Ref,
    *,
    before: dict[str, Any],
    after: dict[str, Any],
    undoes: UUID | None = None,
) -> UUID:
    """Keep what ``subject`` said before and after, by field, and return the row's id for the event.

    Call it inside an act that has locked ``subject``.
    """
    about = SettingChange.objects.filter(
        practice_id=changing.practice_id, subject_kind=subject.kind, subject_id=subject.id
    )
    last = about.aggregate(last=Max("number"))["last"] or 0
    row = SettingChange.objects.create(
        practice_id=changing.practice_id, subject_kind=subject.kind, subject_id=subject.id, number=last + 1,
        before=before, after=after, at=changing.now, actor_role=changing.by.role, actor_id=changing.by.id,
        undoes_id=undoes,
    )  # fmt: skip
    return row.pk


def record_change(
    changing: Act,
    subject: Ref,
    kind: str,
    *,
    before: dict[str, Any],
    after: dict[str, Any],
    undoes: UUID | None = None,
    data: dict[str, Any] | None = None,
) -> UUID:
    """Keep what ``subject`` said before and after, record the event ``kind`` that names it, and return the row's id."""
    noted = note_change(changing, subject, before=before, after=after, undoes=undoes)
    changing.record(kind, subject=subject, data={**(data or {}), "change": noted})
    return noted


def change_to_undo(changing: Act, change_id: UUID, kind: str = "practice") -> SettingChange:
    """Return a change about a ``kind`` of subject, with that locked.

    Raises ``NoSuchChange``, and ``ChangedSince`` where one of its fields was changed again.
    """
    rows = SettingChange.objects.filter(practice_id=changing.practice_id, subject_kind=kind)
    change = rows.filter(pk=change_id).first()
    if change is None:
        raise NoSuchChange(str(change_id))
    changing.lock(Ref(change.subject_kind, change.subject_id))
    later = SettingChange.objects.filter(
        practice_id=changing.practice_id, subject_kind=change.subject_kind, subject_id=change.subject_id,
        number__gt=change.number,
    )  # fmt: skip
    if any(change.after.keys() & row.after.keys() for row in later):
        raise ChangedSince(str(change_id))
    return change
