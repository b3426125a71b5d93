"""Who is acting, and who works here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from glede.kernel.failpoints import guard
from glede.practices import scope
from glede.staff.models import DayFeed, Invitation, Membership, Practitioner, Presence, Role, User


@dataclass(frozen=True, slots=True)
class Colleague:
    """A colleague as pages show one."""

    membership_id: UUID
    display_name: str
    role: str


@dataclass(frozen=True, slots=True)
class Chair:
    """A practitioner as the diary shows one."""

    id: UUID
    display_name: str
    given_name: str
    title: str
    external_id: str


def memberships_of(user: User) -> list[Membership]:
    """Return the practices a user belongs to now, by name."""
    rows = Membership.objects.filter(user=user, practice__retired_at=None)
    rows = rows.filter(ended_at=None) if guard("who_left") else rows
    return list(rows.select_related("practice").order_by("practice__name", "id"))


@scope.asked_once
def colleagues(practice_id: UUID) -> list[Colleague]:
    """Return the colleagues of a practice, by name."""
    rows = Membership.objects.filter(practice_id=practice_id, ended_at=None).order_by("display_name", "id")
    return [Colleague(m.pk, m.display_name, m.role) for m in rows]


@dataclass(frozen=True, slots=True)
class Addressed:
    """A colleague with the address they sign in with."""

    email: str
    display_name: str


def owners(practice_id: UUID) -> list[Addressed]:
    """Return the owners of a practice with their own addresses, by name."""
    rows = Membership.objects.filter(practice_id=practice_id, role=Role.OWNER, ended_at=None, user__is_active=True)
    rows = rows.order_by("display_name", "id")
    return [Addressed(email, name) for email, name in rows.values_list("user__email", "display_name")]


def manager_of(practice_id: UUID) -> UUID | None:
    """Return the membership of whoever sees to what is nobody's: a manager, else an owner, by name."""
    for role in (Role.MANAGER, Role.OWNER):
        for colleague in colleagues(practice_id):
            if colleague.role == role:
                return colleague.membership_id
    return None


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that still stands."""

    id: UUID
    practice_id: UUID
    display_name: str
    role: str
    ends_at: datetime


PRESENT = timedelta(seconds=15)
"""How long somebody is taken to be where they were last seen; an open page tells so every few seconds."""


@dataclass(frozen=True, slots=True)
class Present:
    """A colleague who has something open now."""

    subject_id: UUID
    display_name: str
    is_writing: bool


def present(practice_id: UUID, *, but: UUID, moment: datetime) -> list[Present]:
    """Return who has what open at ``moment`` (real time), without the colleague ``but``; writers first."""
    with scope.transaction(practice_id):
        rows = Presence.objects.filter(seen_at__gt=moment - PRESENT).exclude(membership_id=but)
        there = list(
            rows.order_by("-is_writing", "seen_at", "id").values_list("membership_id", "subject_id", "is_writing")
        )
    if not there:
        return []
    named = {one.membership_id: one.display_name for one in colleagues(practice_id)}
    return [Present(subject, named[who], writes) for who, subject, writes in there if who in named]


def invitations(practice_id: UUID, *, now: datetime) -> list[Invited]:
    """Return the invitations that nobody has taken yet, the newest first."""
    rows = _standing().filter(practice_id=practice_id, ends_at__gt=now)
    return [_invited(row) for row in rows.order_by("-made_at", "id")]


def invitation_by_code(code_hash: bytes) -> Invited | None:
    """Return the invitation a code on paper belongs to; None where it was taken or withdrawn."""
    row = _standing().filter(code_hash=code_hash).first()
    return _invited(row) if row else None


def _standing() -> QuerySet[Invitation]:
    return Invitation.objects.filter(taken_at=None, withdrawn_at=None)


def _invited(row: Invitation) -> Invited:
    return Invited(row.pk, row.practice_id, row.display_name, row.role, row.ends_at)


def day_feed_since(practice_id: UUID, membership_id: UUID) -> datetime | None:
    """Return since when a colleague's own calendar may fetch when they are busy; None where it may not."""
    rows = DayFeed.objects.filter(membership_id=membership_id, membership__practice_id=practice_id, ended_at=None)
    return rows.values_list("made_at", flat=True).first()


def membership_behind(secret_hash: bytes) -> Membership | None:
    """Return whose calendar fetches by this secret, with the practice; None from the moment they are out."""
    rows = DayFeed.objects.filter(secret_hash=secret_hash, ended_at=None, membership__practice__retired_at=None)
    rows = rows.filter(membership__ended_at=None, membership__user__is_active=True) if guard("who_left") else rows
    feed = rows.select_related("membership__practice", "membership__user").first()
    return feed.membership if feed else None


@scope.asked_once
def colleague_names(practice_id: UUID) -> dict[UUID, str]:
    """Return the names of all who are or were colleagues, by membership."""
    return dict(Membership.objects.filter(practice_id=practice_id).values_list("id", "display_name"))


@scope.asked_once
def practitioners(practice_id: UUID) -> list[Chair]:
    """Return who patients can be booked with, in the order of the diary."""
    with scope.transaction(practice_id):
        rows = Practitioner.objects.filter(ended_at=None).order_by("sort", "display_name", "id")
        return [Chair(p.pk, p.display_name, p.given_name, p.title, p.external_id) for p in rows]


@dataclass(frozen=True, slots=True)
class Named:
    """A practitioner, in use or not, as the settings show one."""

    id: UUID
    display_name: str
    given_name: str
    title: str
    membership_id: UUID | None
    is_ended: bool


def every_practitioner(practice_id: UUID) -> list[Named]:
    """Return all with whom patients are or were booked, those in use first."""
    with scope.transaction(practice_id):
        rows = Practitioner.objects.filter(practice_id=practice_id)
        found = [
            Named(p.pk, p.display_name, p.given_name, p.title, p.membership_id, p.ended_at is not None)
            for p in rows.order_by("sort", "display_name", "id")
        ]
    return sorted(found, key=lambda one: one.is_ended)


@scope.asked_once
def sees_patients(practice_id: UUID, membership_id: UUID) -> bool:
    """Return True for a colleague with whom patients are booked."""
    with scope.transaction(practice_id):
        chairs = Practitioner.objects.filter(practice_id=practice_id, membership_id=membership_id, ended_at=None)
        return chairs.exists()


def owner_exists() -> bool:
    """Return True once any practice that is not a demonstration has an owner."""
    return Membership.objects.filter(role=Role.OWNER, ended_at=None, practice__is_demo=False).exists()


def user_of(practice_id: UUID, membership_id: UUID) -> User:
    """Return who holds a membership of the practice. Raises ``LookupError`` where nobody does."""
    row = (
        Membership.objects.filter(practice_id=practice_id, pk=membership_id, ended_at=None)
        .select_related("user")
        .first()
    )
    if row is None:
        raise LookupError(str(membership_id))
    return row.user
