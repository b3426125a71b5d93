"""A reference to anything by (kind, id), where no key may or need be held."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A subject by kind ("patient", "appointment", "conversation", ...) and id."""

    kind: str
    id: UUID

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"
