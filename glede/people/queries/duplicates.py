"""Who may stand twice among the people of a practice."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from glede.people.matching.pairing import pairs
from glede.people.matching.records import Row, record
from glede.people.matching.values import Pair, Record
from glede.people.models import Apart, ContactPoint, Patient
from glede.practices import scope

COMPARED = ("pk", *Row._fields[1:])
PART = 2000


def duplicates(practice_id: UUID, today: date) -> list[Pair]:
    """Return the pairs of people who may be one, the likeliest first. ``today`` tells who is grown up.

    Those merged or erased take no part, and no pair that a colleague told apart, or of a child and who answers for
    them. It compares everybody: a job for the night or for a command, not for a page.
    """
    with scope.transaction(practice_id):
        people = Patient.objects.filter(practice_id=practice_id, merged_into=None, erased_at=None)
        records = _records(practice_id, people, _apart(practice_id, people))
    return pairs(records, today)


def _records(practice_id: UUID, people: QuerySet[Patient], apart: dict[UUID, set[UUID]]) -> list[Record]:
    phones: defaultdict[UUID, list[str]] = defaultdict(list)
    emails: defaultdict[UUID, list[str]] = defaultdict(list)
    contacts = ContactPoint.objects.filter(practice_id=practice_id, ended_at=None)
    for patient_id, e164, email in contacts.values_list("patient_id", "e164", "email_key").iterator(PART):
        (phones if e164 else emails)[patient_id].append(e164 or email)
    return [
        record(
            Row(*row), phones=phones.get(row[0], ()), emails=emails.get(row[0], ()), known_apart=apart.get(row[0], ())
        )
        for row in people.values_list(*COMPARED).iterator(PART)
    ]


def _apart(practice_id: UUID, people: QuerySet[Patient]) -> dict[UUID, set[UUID]]:
    """Return for each of some people who is somebody else for certain."""
    said = Apart.objects.filter(practice_id=practice_id, ended_at=None).values_list("patient_id", "other_id")
    wards = people.exclude(guardian=None).values_list("pk", "guardian_id")
    apart: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for one, other in (*said, *wards):
        apart[one].add(other)
        apart[other].add(one)
    return dict(apart)
