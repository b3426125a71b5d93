"""An event told again of a copy: other ids, other times, otherwise word for word. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

_CHANGING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:\+\d\d:\d\d|Z)|(?<=\")\d{4}-\d\d-\d\d(?=\")"
)
_UUID_LENGTH = 36

Part = str | UUID | datetime | date


@dataclass(frozen=True, slots=True)
class Retold:
    """One event of one copy, not yet in its place in the chain."""

    columns: tuple[Any, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Seed:
    """An event of a seed, cut where a copy's differs."""

    at: datetime
    columns: tuple[Any, ...]
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, row: tuple[Any, ...], kept: frozenset[UUID]) -> "Seed":
        """Cut the row (id, kind, role, actor, subject kind, subject, patient, body); ids ``kept`` stay."""
        *columns, body = row
        text = bytes(body).decode("ascii")
        parts = tuple(_parts(text, kept))
        at = datetime.fromisoformat(_AT.search(text)[1])  # type: ignore[index]
        shared = tuple(None if isinstance(c, UUID) and c not in kept else c for c in columns)
        return cls(at, tuple(zip(columns, shared, strict=True)), parts)

    def of_copy(self, number: int, shift: timedelta) -> Retold:
        """Tell it of the copy ``number``."""
        columns = tuple(UUID(int=c.int ^ number) if s is None and c is not None else c for c, s in self.columns)
        return Retold((columns[0], self.at + shift, *columns[1:]), self._body(number, shift))

    def _body(self, number: int, shift: timedelta) -> bytes:
        said = []
        for part in self.parts:
            if isinstance(part, str):
                said.append(part)
            elif isinstance(part, UUID):
                said.append(str(UUID(int=part.int ^ number)))
            else:
                said.append((part + shift).isoformat())
        return "".join(said).encode("ascii")


_AT = re.compile(r'"at":"([^"]+T[^"]+)","data"')


def _parts(text: str, kept: frozenset[UUID]) -> Iterator[Part]:
    place = 0
    for found in _CHANGING.finditer(text):
        word = found[0]
        part: Part = UUID(word) if len(word) == _UUID_LENGTH and "T" not in word else _moment(word)
        if part in kept:
            continue
        yield text[place : found.start()]
        yield part
        place = found.end()
    yield text[place:]


def _moment(word: str) -> datetime | date:
    return datetime.fromisoformat(word) if "T" in word else date.fromisoformat(word)


def retold(seeds: Sequence[Seed], numbers: Iterable[int], apart: timedelta) -> Iterator[Retold]:
    """Yield every event of every copy in the order in which they happened; each copy lived ``apart`` later."""
    order = sorted((seed.at + number * apart, place, number) for number in numbers for place, seed in enumerate(seeds))
    for _, place, number in order:
        yield seeds[place].of_copy(number, number * apart)
