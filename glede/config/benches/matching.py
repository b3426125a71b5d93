"""How long it takes to compare 100,000 people with whoever is like them, beside reading their rows alone."""

import resource
from typing import Any

from glede.config.benches import PRESENT
from glede.config.benches.pages import ready
from glede.config.benches.present import ZONE
from glede.config.benches.world import World
from glede.kernel import clock
from glede.people.models import ContactPoint, Patient
from glede.people.queries import duplicates
from glede.practices import scope

TARGET_SECONDS, TARGET_MEGABYTES = 60.0, 500
KILOBYTES = 1024


def measure(size: str = "people") -> dict[str, Any]:
    """Build the practice in the database the connection leads to, compare its people, and return the figures."""
    return of(ready(size))


def of(world: World) -> dict[str, Any]:
    """Return the figures of a practice that stands."""
    practice_id = world.house.practice_id
    reading, rows = _read(practice_id)
    began = clock.monotonic()
    found = duplicates(practice_id, clock.day_of(PRESENT, ZONE))
    took = clock.monotonic() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KILOBYTES
    return {
        "bench": "duplicates",
        "figure": round(took, 1),
        "unit": "s to compare everybody with whoever is like them",
        "limit": round(reading, 4),
        "limit_words": "reading the same rows alone, in the same run",
        "ratio": round(reading / took, 3),
        "target": TARGET_SECONDS,
        "ok": took <= TARGET_SECONDS and megabytes <= TARGET_MEGABYTES,
        "people": world.size.people,
        "rows": rows,
        "pairs": len(found),
        "same": sum(pair.verdict == "same" for pair in found),
        "megabytes": megabytes,
        "megabytes_target": TARGET_MEGABYTES,
    }


def _read(practice_id: Any) -> tuple[float, int]:
    """Return the seconds that reading takes, and how many rows there are."""
    began = clock.monotonic()
    with scope.transaction(practice_id):
        people = Patient.objects.filter(practice_id=practice_id, merged_into=None, erased_at=None)
        contacts = ContactPoint.objects.filter(practice_id=practice_id, ended_at=None)
        rows = sum(1 for _ in people.values_list("pk", "given_name", "family_name", "birth_date", "street").iterator())
        rows += sum(1 for _ in contacts.values_list("patient_id", "e164", "email_key").iterator())
    return clock.monotonic() - began, rows
