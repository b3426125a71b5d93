"""Let colleagues in and out, and give them their roles."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ids import link_hash, new_code, new_secret
from glede.kernel.ref import Ref
from glede.practices import scope
from glede.practices.operations import change_to_undo, record_change
from glede.practices.recording import act
from glede.staff.models import DayFeed, Invitation, Membership, Presence, Role, User

ROLE = "role"
INVITATION_STANDS = timedelta(days=7)  # our own choice: a week's post and a weekend


class AlreadyHere(Exception):
    """Somebody with this address works in the practice already."""


class LastOwner(Exception):
    """A practice always has an owner."""


class NoSuchColleague(LookupError):
    """Nobody works here by this id."""


class NoSuchInvitation(LookupError):
    """It was taken or withdrawn, or its week is over."""


class WrongPassword(Exception):
    """Somebody signs in with this address already, by another password."""


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


def change_role(
    *, practice_id: UUID, membership_id: UUID, role: Role, undoes: UUID | None = None, by: Actor, now: datetime
) -> UUID | None:
    """Give a colleague another role and return the change, None where nothing differs.

    It holds from their next request on. Raises ``LastOwner``.
    """
    with act(practice_id, by=by, now=now) as changing:
        member = _locked(changing, practice_id, membership_id)
        if member is None or member.role == role:
            return None
        if member.role == Role.OWNER:
            _check_other_owner(practice_id, membership_id)
        Membership.objects.filter(pk=membership_id).update(role=role)
        return record_change(
            changing, Ref("membership", membership_id), "staff.membership.changed", before={ROLE: member.role},
            after={ROLE: str(role)}, undoes=undoes, data={"role": role, "was": member.role},
        )  # fmt: skip


def undo_role(*, practice_id: UUID, change_id: UUID, by: Actor, now: datetime) -> UUID | None:
    """Let a colleague have again the role of before a change; None where they have left since.

    Raises ``NoSuchChange``, ``ChangedSince``, ``LastOwner``.
    """
    with act(practice_id, by=by, now=now) as undoing:
        change = change_to_undo(undoing, change_id, "membership")
        return change_role(
            practice_id=practice_id, membership_id=change.subject_id, role=Role(change.before[ROLE]), undoes=change_id,
            by=by, now=now,
        )  # fmt: skip


def end_membership(*, practice_id: UUID, membership_id: UUID, by: Actor, now: datetime) -> None:
    """Take a colleague's place away; the next request of theirs is refused. Raises ``LastOwner``.

    Who belongs to no practice any more can sign in no more either: each of their sessions is dead.
    """
    with act(practice_id, by=by, now=now) as leaving:
        member = _locked(leaving, practice_id, membership_id)
        if member is None:
            return
        if member.role == Role.OWNER:
            _check_other_owner(practice_id, membership_id)
        Membership.objects.filter(pk=membership_id).update(ended_at=now)
        if not Membership.objects.filter(user_id=member.user_id, ended_at=None).exists():
            User.objects.filter(pk=member.user_id).update(is_active=False)
        leaving.record("staff.membership.ended", subject=Ref("membership", membership_id))


def _locked(this: Any, practice_id: UUID, membership_id: UUID) -> Membership | None:
    """Return the standing membership, locked with every owner's: of two owners who remove each other one stays."""
    this.lock(Ref("membership", membership_id), Ref("owners", practice_id))
    return Membership.objects.filter(pk=membership_id, practice_id=practice_id, ended_at=None).first()


def _check_other_owner(practice_id: UUID, membership_id: UUID) -> None:
    owners = Membership.objects.filter(practice_id=practice_id, role=Role.OWNER, ended_at=None)
    if not owners.exclude(pk=membership_id).exists():
        raise LastOwner(str(membership_id))


@dataclass(frozen=True)
class Invited:
    """An invitation that was just made, with its code: shown once, kept only as a hash."""

    id: UUID
    code: str
    ends_at: datetime


def invite_colleague(*, practice_id: UUID, display_name: str, role: Role, by: Actor, now: datetime) -> Invited:
    """Keep a place for somebody for seven days and return the code that takes it."""
    code = new_code()
    with act(practice_id, by=by, now=now) as inviting:
        row = Invitation.objects.create(
            practice_id=practice_id, role=role, display_name=display_name, code_hash=link_hash(code), made_at=now,
            ends_at=now + INVITATION_STANDS,
        )  # fmt: skip
        inviting.record("staff.invitation.made", subject=Ref("invitation", row.pk), data={"role": role})
    return Invited(row.pk, code, row.ends_at)


def withdraw_invitation(*, practice_id: UUID, invitation_id: UUID, by: Actor, now: datetime) -> None:
    """Let an invitation that nobody has taken yet stand no longer."""
    with act(practice_id, by=by, now=now) as withdrawing:
        subject = Ref("invitation", invitation_id)
        withdrawing.lock(subject)
        rows = Invitation.objects.filter(pk=invitation_id, practice_id=practice_id, taken_at=None, withdrawn_at=None)
        if rows.update(withdrawn_at=now):
            withdrawing.record("staff.invitation.withdrawn", subject=subject)


@dataclass(frozen=True)
class Newcomer:
    """Who takes an invitation: the address they sign in with, and their password."""

    email: str
    password: str
    display_name: str = ""
    language: str = "en"


def accept_invitation(*, practice_id: UUID, invitation_id: UUID, new: Newcomer, by: Actor, now: datetime) -> Membership:
    """Take the place an invitation keeps, once.

    Somebody who signs in elsewhere already gives the password they have there; whoever has left every practice sets a
    new one. Raises ``NoSuchInvitation`` where it was taken, withdrawn or is over, ``WrongPassword``, ``AlreadyHere``.
    """
    with act(practice_id, by=by, now=now) as joining:
        joining.lock(Ref("invitation", invitation_id))
        rows = Invitation.objects.filter(pk=invitation_id, practice_id=practice_id, taken_at=None, withdrawn_at=None)
        invitation = rows.filter(ends_at__gt=now).first()
        if invitation is None:
            raise NoSuchInvitation(str(invitation_id))
        _own(new, now)
        asked = NewColleague(
            new.email, new.display_name or invitation.display_name, Role(invitation.role), new.password, new.language
        )
        membership = add_colleague(practice_id=practice_id, new=asked, by=by, now=now)
        rows.update(taken_at=now)
        joining.record("staff.invitation.taken", subject=Ref("invitation", invitation_id))
    return membership


def _own(new: Newcomer, now: datetime) -> None:
    """See that an address somebody signs in with already is theirs. Raises ``WrongPassword``."""
    user = User.objects.filter(email=new.email.lower()).first()
    if user is None:
        return
    if not user.is_active:
        user.set_password(new.password)
        User.objects.filter(pk=user.pk).update(password=user.password, is_active=True, joined_at=now)
    elif not user.check_password(new.password):
        raise WrongPassword(new.email)


def open_day_feed(*, practice_id: UUID, membership_id: UUID, by: Actor, now: datetime) -> str:
    """Return the secret of a new address for a colleague's own calendar, shown once; the one before is dead.

    Raises ``NoSuchColleague`` for who does not work here.
    """
    secret, subject = new_secret(), Ref("membership", membership_id)
    with act(practice_id, by=by, now=now) as opening:
        if _locked(opening, practice_id, membership_id) is None:
            raise NoSuchColleague(str(membership_id))
        DayFeed.objects.filter(membership_id=membership_id, ended_at=None).update(ended_at=now)
        DayFeed.objects.create(membership_id=membership_id, secret_hash=link_hash(secret), made_at=now)
        opening.record("staff.day_feed.opened", subject=subject)
    return secret


def close_day_feed(*, practice_id: UUID, membership_id: UUID, by: Actor, now: datetime) -> None:
    """Let a colleague's own calendar fetch nothing any more."""
    subject = Ref("membership", membership_id)
    with act(practice_id, by=by, now=now) as closing:
        closing.lock(subject)
        rows = DayFeed.objects.filter(membership_id=membership_id, membership__practice_id=practice_id, ended_at=None)
        if rows.update(ended_at=now):
            closing.record("staff.day_feed.closed", subject=subject)


def note_presence(*, practice_id: UUID, subject_id: UUID, is_writing: bool, by: Actor, now: datetime) -> None:
    """Note what a colleague has open, and whether they write. ``now`` is real time. No event: nothing happened yet."""
    if by.id is None:
        return
    with scope.transaction(practice_id):
        Presence.objects.update_or_create(
            practice_id=practice_id,
            membership_id=by.id,
            defaults={"subject_id": subject_id, "is_writing": is_writing, "seen_at": now},
        )
