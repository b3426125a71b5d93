"""Who acts: the ``by`` of every operation."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Role = Literal["staff", "patient", "system", "import", "provider"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. ``id`` is the membership of a colleague or the id of a patient, else None."""

    role: Role
    id: UUID | None = None


SYSTEM = Actor("system")
IMPORT = Actor("import")
PROVIDER = Actor("provider")
STRANGER = Actor("patient")  # somebody on a page of ours who has not said yet who they are


def colleague(membership_id: UUID) -> Actor:
    """Return the actor for a colleague, by membership."""
    return Actor("staff", membership_id)


def patient(patient_id: UUID) -> Actor:
    """Return the actor for a patient."""
    return Actor("patient", patient_id)
