"""Questions about people: the only gate to their rows."""

from glede.people.queries.asking import answered_before, before_visit
from glede.people.queries.card import household_of, patient_card, wordings
from glede.people.queries.consents import consent_history
from glede.people.queries.duplicates import duplicates
from glede.people.queries.finding import (
    look_alikes,
    merged_by_external_id,
    owners_of,
    patients_at,
    patients_by_external_id,
    patients_page,
    search,
    wards_of,
)
from glede.people.queries.history import field_history, fields_changed_here, spoken
from glede.people.queries.likeness import alike_of, count_alike, next_alike
from glede.people.queries.names import count_patients, head_of, names, patient_ids, records_of
from glede.people.queries.origins import count_without_origin, without_origin
from glede.people.queries.reach import reach
from glede.people.queries.wishing import preference_of

__all__ = [
    "alike_of",
    "answered_before",
    "before_visit",
    "consent_history",
    "count_alike",
    "count_patients",
    "count_without_origin",
    "duplicates",
    "field_history",
    "fields_changed_here",
    "head_of",
    "household_of",
    "look_alikes",
    "merged_by_external_id",
    "names",
    "next_alike",
    "owners_of",
    "patient_card",
    "patient_ids",
    "patients_at",
    "patients_by_external_id",
    "patients_page",
    "preference_of",
    "reach",
    "records_of",
    "search",
    "spoken",
    "wards_of",
    "without_origin",
    "wordings",
]
