"""Let colleagues in and out, and name those who see patients."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.practices.recording import act
from glede.staff.models import Membership, Practitioner, Role, User


class AlreadyHere(Exception):
    """Somebody with this address works in the practice already."""


@dataclass(frozen=True)
class NewColleague:
    """What is asked of a colleague who joins."""

    email: str
    display_name: str
    role: Role
    password: str | None = None
    language: str = "en"


def add_colleague(*, practice_id: UUID, new: NewColleague, by: Actor, now: datetime) -> Membership:
    """Give somebody a place in the practice; an existing user keeps the password they have.

    Raises ``AlreadyHere`` where they have one.
    """
    with act(practice_id, by=by, now=now) as joining:
        user = User.objects.filter(email=new.email.lower()).first() or User.objects.create_user(
            new.email, new.password, name=new.display_name, language=new.language, joined_at=now
        )
        if Membership.objects.filter(user=user, practice_id=practice_id, ended_at=None).exists():
            raise AlreadyHere(new.email)
        membership = Membership.objects.create(
            user=user, practice_id=practice_id, role=new.role, display_name=new.display_name, began_at=now
        )
        joining.record("staff.membership.begun", subject=Ref("membership", membership.pk), data={"role": new.role})
    return membership


def end_membership(*, practice_id: UUID, membership_id: UUID, by: Actor, now: datetime) -> None:
    """Take a colleague's place away; the next request of theirs is refused."""
    with act(practice_id, by=by, now=now) as leaving:
        subject = Ref("membership", membership_id)
        leaving.lock(subject)
        rows = Membership.objects.filter(pk=membership_id, practice_id=practice_id, ended_at=None)
        if rows.update(ended_at=now):
            leaving.record("staff.membership.ended", subject=subject)


@dataclass(frozen=True)
class NewPractitioner:
    """What is asked of somebody patients are booked with."""

    display_name: str
    given_name: str
    title: str = ""
    membership_id: UUID | None = None
    external_id: str = ""
    sort: int = 0


def add_practitioner(*, practice_id: UUID, new: NewPractitioner, by: Actor, now: datetime) -> Practitioner:
    """Name somebody patients can be booked with."""
    with act(practice_id, by=by, now=now) as adding:
        row = Practitioner.objects.create(practice_id=practice_id, **vars(new))
        adding.record("staff.practitioner.added", subject=Ref("practitioner", row.pk))
    return row


def end_practitioner(*, practice_id: UUID, practitioner_id: UUID, by: Actor, now: datetime) -> None:
    """Take no more bookings for a practitioner; what is booked stands."""
    with act(practice_id, by=by, now=now) as ending:
        subject = Ref("practitioner", practitioner_id)
        ending.lock(subject)
        if Practitioner.objects.filter(pk=practitioner_id, ended_at=None).update(ended_at=now):
            ending.record("staff.practitioner.ended", subject=subject)


__all__ = [
    "AlreadyHere",
    "NewColleague",
    "NewPractitioner",
    "Role",
    "add_colleague",
    "add_practitioner",
    "end_membership",
    "end_practitioner",
]
