"""Bench ``shoes``: a year walked as somebody, and any one of its frames."""

from datetime import UTC, datetime
from typing import Any

from glede.catalogue.defaults import USUAL
from glede.catalogue.operations import add_service
from glede.kernel import clock
from glede.kernel.actor import SYSTEM
from glede.practices.operations import NewPractice, start_practice
from glede.shoes import playing, queries, sealed
from glede.shoes.operations import Asked
from glede.shoes.personas import PERSONAS
from glede.staff.operations import NewPractitioner, add_practitioner

YEAR_SECONDS, FRAME_MS = 5.0, 150.0
BEGAN = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


def measure(seeds: int = 1) -> dict[str, Any]:
    """Walk a year as everybody one can be, by so many seeds, and read every frame; the slowest of each is told."""
    practice_id = _practice()
    years, reads, frames = [], [], 0
    try:
        sealed.make()
        for seed in range(1, seeds + 1):
            for persona in PERSONAS.values():
                copy_id, seen, seconds = playing.play(practice_id, Asked(persona, seed, BEGAN))
                years.append(seconds)
                frames += len(seen)
                reads += _read(practice_id, copy_id, len(seen))
    finally:
        sealed.drop()
    slowest = max(years)
    return {
        "figure": round(slowest, 2), "unit": "s for one person's year, the slowest", "limit": YEAR_SECONDS,
        "ratio": round(slowest / YEAR_SECONDS, 2), "years": len(years), "frames": frames,
        "frame_ms": round(max(reads), 1), "frame_limit_ms": FRAME_MS,
    }  # fmt: skip


def _practice() -> Any:
    new = NewPractice("Solberg Optikk", "NO", "nb", "Europe/Oslo", details={"phone": "+4722123456"})
    practice = start_practice(new, by=SYSTEM, now=BEGAN)
    given: dict[str, Any] = {"practice_id": practice.pk, "by": SYSTEM, "now": BEGAN}
    for form in USUAL:
        add_service(service=form, **given)
    for name in ("Amal Haddad", "Jon Berg"):
        add_practitioner(new=NewPractitioner(name, name.split(" ")[0], "Optometrist"), **given)
    return practice.pk


def _read(practice_id: Any, copy_id: Any, count: int) -> list[float]:
    """Read each frame as a page does, the way into the sealed database included; return the milliseconds."""
    found = []
    for n in range(1, count + 1):
        began = clock.monotonic()
        with sealed.inside():
            queries.frame(queries.walk_of(practice_id, copy_id), n)
        found.append((clock.monotonic() - began) * 1000)
    return found
