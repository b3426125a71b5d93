"""The versions of a practice's journey, read once a process: a version never changes after it was made."""

from uuid import UUID

from glede.journeys import document
from glede.journeys.document import Document, Spot
from glede.journeys.models import Journey, Wording
from glede.journeys.wording import Words

KEY = "visit"
SHIPPED = 0
"""The version of the journey that comes with Glede, in force until a practice makes its own."""

_read: dict[tuple[UUID, int], Document] = {}
_KEPT = 512


def documents(practice_id: UUID, key: str = KEY) -> dict[int, Document]:
    """Return every version of a journey by number, in the practice's own words; version 0 is the one that is shipped.

    The one place where own words come in: planner, forecast and sender all read their journey here.
    """
    found = {SHIPPED: document.default(key)}
    rows = Journey.objects.filter(practice_id=practice_id, key=key).order_by("version")
    for row_id, version in rows.values_list("id", "version"):
        found[version] = _document(row_id, version)
    own = own_words(practice_id)
    return {version: read.with_words(own) for version, read in found.items()}


def in_force(practice_id: UUID, key: str = KEY) -> Document:
    """Return the journey in force in the words of the document itself: for its rows and their names."""
    rows = Journey.objects.filter(practice_id=practice_id, key=key).order_by("-version")
    newest = rows.values_list("id", "version").first()
    return _document(*newest) if newest else document.default(key)


def own_words(practice_id: UUID) -> dict[Spot, Words]:
    """Return the practice's own words by where they stand."""
    rows = Wording.objects.filter(practice_id=practice_id).order_by("number")
    last = {Spot(row.row, row.variant, row.language, row.channel): row for row in rows}
    return {spot: Words(row.short, row.friendly, row.subject) for spot, row in last.items() if not row.is_ours}


def _document(row_id: UUID, version: int) -> Document:
    known = _read.get((row_id, version))
    if known is None:
        if len(_read) >= _KEPT:
            _read.clear()
        known = document.parse(Journey.objects.get(pk=row_id).document, version=version)
        _read[row_id, version] = known
    return known
