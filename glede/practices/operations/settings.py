"""Change what a practice says about itself, and undo such a change."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.practices.operations.addresses import take_address
from glede.practices.operations.locking import locked
from glede.practices.operations.noting import NoSuchChange, change_to_undo, record_change
from glede.practices.recording import act

CHANGEABLE = frozenset({
    "name", "phone", "email", "address", "public_url", "review_link", "red_flag_line", "cancellation_note",
    "answer_minutes", "call_days_before", "calls_per_day", "hours_from", "hours_to", "language", "region",
    "books_online", "booking_name", "online_services", "online_notice_minutes", "online_days_ahead",
    "narrowed",
})  # fmt: skip
CLOCKS = frozenset({"hours_from", "hours_to"})


def change_settings(
    *, practice_id: UUID, changes: dict[str, Any], undoes: UUID | None = None, by: Actor, now: datetime
) -> UUID | None:
    """Change what a practice says about itself and return the change, None where nothing differs.

    ``undoes`` names the change this one takes back. Raises ``ValueError`` for a field that is not a setting, and
    ``AddressTaken``.
    """
    unknown = changes.keys() - CHANGEABLE
    if unknown:
        raise ValueError(f"Not settings: {', '.join(sorted(unknown))}")
    with act(practice_id, by=by, now=now) as changing:
        practice = locked(practice_id, changing)
        changed = sorted(name for name, value in changes.items() if getattr(practice, name) != value)
        if not changed:
            return None
        if "booking_name" in changed:
            take_address(practice_id, changes["booking_name"])
        before = {name: _plain(getattr(practice, name)) for name in changed}
        for name in changed:
            setattr(practice, name, changes[name])
        practice.save(update_fields=changed)
        after = {name: _plain(changes[name]) for name in changed}
        subject = Ref("practice", practice_id)
        return record_change(
            changing, subject, "practices.settings.changed", before=before, after=after, undoes=undoes,
            data={"fields": changed},
        )  # fmt: skip


def undo_settings(*, practice_id: UUID, change_id: UUID, by: Actor, now: datetime) -> UUID | None:
    """Let a practice say again what it said before a change. Raises ``NoSuchChange``, ``ChangedSince``."""
    with act(practice_id, by=by, now=now) as undoing:
        change = change_to_undo(undoing, change_id)
        if not change.before.keys() <= CHANGEABLE:
            raise NoSuchChange(str(change_id))
        old = {name: time.fromisoformat(value) if name in CLOCKS else value for name, value in change.before.items()}
        return change_settings(practice_id=practice_id, changes=old, undoes=change_id, by=by, now=now)


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="minutes") if isinstance(value, time) else value
