"""Let colleagues in and out, and name those who see patients."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ids import link_hash, new_code, new_secret
from glede.kernel.ref import Ref
from glede.practices import scope
from glede.practices.operations import NoSuchChange, change_to_undo, note_change
from glede.practices.recording import Act, act
from glede.staff.models import DayFeed, Invitation, Membership, Practitioner, Presence, Role, User

INVITATION_STANDS = timedelta(days=7)  # our own choice: a week's post and a weekend


class AlreadyHere(Exception):
    """Somebody with this address works in the practice already."""


class LastOwner(Exception):
    """A practice always has an owner."""


class NoSuchColleague(LookupError):
    """Nobody works here by this id."""


class NoSuchInvitation(LookupError):
    """It was taken or withdrawn, or its week is over."""


class NoSuchPractitioner(LookupError):
    """Nobody of the practice is known by this id."""


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


def change_role(*, practice_id: UUID, membership_id: UUID, role: Role, by: Actor, now: datetime) -> None:
    """Give a colleague another role; it holds from their next request on. Raises ``LastOwner``."""
    with act(practice_id, by=by, now=now) as changing:
        member = _locked(changing, practice_id, membership_id)
        if member is None or member.role == role:
            return
        if member.role == Role.OWNER:
            _check_other_owner(practice_id, membership_id)
        Membership.objects.filter(pk=membership_id).update(role=role)
        changing.record(
            "staff.membership.changed",
            subject=Ref("membership", membership_id),
            data={"role": role, "was": member.role},
        )


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
        adding.lock(Ref("practitioner", row.pk))
        _note(adding, row.pk, "added", before=_OUT, after=_IN)
    return row


NAMED = frozenset({"display_name", "given_name", "title", "sort", "external_id", "membership_id"})


def change_practitioner(
    *,
    practice_id: UUID,
    practitioner_id: UUID,
    changes: dict[str, Any],
    undoes: UUID | None = None,
    by: Actor,
    now: datetime,
) -> UUID | None:
    """Change how a practitioner is named and as whom they sign in; return the change, None where nothing differs.

    Raises ``NoSuchPractitioner``, ``NoSuchColleague``, and ``ValueError`` for a field that says something else.
    """
    if changes.keys() - NAMED:
        raise ValueError(f"Not said of a practitioner: {', '.join(sorted(changes.keys() - NAMED))}")
    with act(practice_id, by=by, now=now) as changing:
        changing.lock(Ref("practitioner", practitioner_id))
        row = Practitioner.objects.filter(practice_id=practice_id, pk=practitioner_id).first()
        if row is None:
            raise NoSuchPractitioner(str(practitioner_id))
        said = {name: _said(getattr(row, name)) for name in sorted(changes)}
        before = {name: value for name, value in said.items() if value != _said(changes[name])}
        if not before:
            return None
        after = {name: _said(changes[name]) for name in before}
        _check_here(practice_id, after.get("membership_id"))
        for name, value in after.items():
            setattr(row, name, value)
        row.save(update_fields=list(after))
        return _note(changing, practitioner_id, "changed", before=before, after=after, undoes=undoes)


def _said(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _check_here(practice_id: UUID, membership_id: str | None) -> None:
    rows = Membership.objects.filter(practice_id=practice_id)
    if membership_id is not None and not rows.filter(pk=membership_id).exists():
        raise NoSuchColleague(membership_id)


def end_practitioner(
    *, practice_id: UUID, practitioner_id: UUID, undoes: UUID | None = None, by: Actor, now: datetime
) -> UUID | None:
    """Take no more bookings for a practitioner; what is booked stands. Returns the change, None where it stood so."""
    with act(practice_id, by=by, now=now) as ending:
        ending.lock(Ref("practitioner", practitioner_id))
        if not Practitioner.objects.filter(pk=practitioner_id, ended_at=None).update(ended_at=now):
            return None
        return _note(ending, practitioner_id, "ended", before=_IN, after=_OUT, undoes=undoes)


def bring_back_practitioner(
    *, practice_id: UUID, practitioner_id: UUID, undoes: UUID | None = None, by: Actor, now: datetime
) -> UUID | None:
    """Take bookings for a practitioner again. Returns the change, None where it stood so."""
    with act(practice_id, by=by, now=now) as bringing:
        bringing.lock(Ref("practitioner", practitioner_id))
        if not Practitioner.objects.filter(pk=practitioner_id, ended_at__isnull=False).update(ended_at=None):
            return None
        return _note(bringing, practitioner_id, "brought_back", before=_OUT, after=_IN, undoes=undoes)


def undo_practitioner(*, practice_id: UUID, change_id: UUID, by: Actor, now: datetime) -> UUID | None:
    """Let a practitioner be again what they were before a change. Raises ``NoSuchChange``, ``ChangedSince``."""
    with act(practice_id, by=by, now=now) as undoing:
        change = change_to_undo(undoing, change_id)
        if change.subject_kind != "practitioner" or not change.before.keys() <= NAMED | {"stands"}:
            raise NoSuchChange(str(change_id))
        given: dict[str, Any] = {"practice_id": practice_id, "practitioner_id": change.subject_id, "undoes": change_id}
        given |= {"by": by, "now": now}
        if change.before == _OUT:
            return end_practitioner(**given)
        if change.before == _IN:
            return bring_back_practitioner(**given)
        return change_practitioner(changes=change.before, **given)


_IN, _OUT = {"stands": True}, {"stands": False}


def _note(
    this: Act,
    practitioner_id: UUID,
    what: str,
    *,
    before: dict[str, Any],
    after: dict[str, Any],
    undoes: UUID | None = None,
) -> UUID:
    subject = Ref("practitioner", practitioner_id)
    noted = note_change(this, subject, before=before, after=after, undoes=undoes)
    this.record(f"staff.practitioner.{what}", subject=subject, data={"change": noted})
    return noted


__all__ = [
    "AlreadyHere",
    "Invited",
    "LastOwner",
    "NewColleague",
    "NewPractitioner",
    "Newcomer",
    "NoSuchColleague",
    "NoSuchInvitation",
    "NoSuchPractitioner",
    "Role",
    "WrongPassword",
    "accept_invitation",
    "add_colleague",
    "add_practitioner",
    "bring_back_practitioner",
    "change_practitioner",
    "change_role",
    "close_day_feed",
    "end_membership",
    "end_practitioner",
    "invite_colleague",
    "open_day_feed",
    "undo_practitioner",
    "withdraw_invitation",
]


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
