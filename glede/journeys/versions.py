"""The versions of a practice's journey, read once a process: a version never changes after it was made."""

from uuid import UUID

from glede.journeys import document
from glede.journeys.document import Document
from glede.journeys.models import Journey

KEY = "visit"
SHIPPED = 0
"""The version of the journey that comes with Glede, in force until a practice makes its own."""

_read: dict[tuple[UUID, int], Document] = {}
_KEPT = 512


def documents(practice_id: UUID, key: str = KEY) -> dict[int, Document]:
    """Return every version of a journey by number; version 0 is the one that is shipped."""
    found = {SHIPPED: document.default(key)}
    rows = Journey.objects.filter(practice_id=practice_id, key=key).order_by("version")
    for row_id, version in rows.values_list("id", "version"):
        found[version] = _document(row_id, version)
    return found


def _document(row_id: UUID, version: int) -> Document:
    known = _read.get((row_id, version))
    if known is None:
        if len(_read) >= _KEPT:
            _read.clear()
        known = document.parse(Journey.objects.get(pk=row_id).document, version=version)
        _read[row_id, version] = known
    return known
