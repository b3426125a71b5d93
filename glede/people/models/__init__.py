"""The rows of the room, one file for each thing they are about."""

from glede.people.models.consent import ConsentEvent, Suppression
from glede.people.models.contact import ContactPoint, ContactPreference
from glede.people.models.holds import Hold
from glede.people.models.likeness import Likeness
from glede.people.models.patient import Apart, FieldChange, Household, Patient, PatientKey
from glede.people.models.rights import RightsRequest
from glede.people.models.search import SearchToken
from glede.people.models.words import Asked, Need, Note

__all__ = [
    "Apart",
    "Asked",
    "ConsentEvent",
    "ContactPoint",
    "ContactPreference",
    "FieldChange",
    "Hold",
    "Household",
    "Likeness",
    "Need",
    "Note",
    "Patient",
    "PatientKey",
    "RightsRequest",
    "SearchToken",
    "Suppression",
]
