"""A person's row made comparable."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from glede.kernel.text import fold, name_tokens
from glede.people.matching.values import Record


class Row(NamedTuple):
    """A person's row, in the order in which the query reads it."""

    patient_id: UUID
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    street: str = ""
    postcode: str = ""
    city: str = ""


def record(
    row: Row, *, phones: Iterable[str] = (), emails: Iterable[str] = (), known_apart: Iterable[UUID] = ()
) -> Record:
    """Return a row made comparable: names folded, the numbers of a house apart from its street.

    ``phones`` are in E.164, ``emails`` are e-mail keys; ``known_apart`` are people who are somebody else for certain.
    """
    words = name_tokens(row.street)
    return Record(
        row.patient_id,
        given=" ".join(name_tokens(row.given_name)),
        family=" ".join(name_tokens(row.family_name)),
        born=row.birth_date,
        phones=tuple(phones),
        emails=tuple(emails),
        street=" ".join(word for word in words if not word[0].isdigit()),
        houses=tuple(word for word in words if word[0].isdigit()),
        postcode="".join(row.postcode.split()).lower(),
        city=fold(row.city),
        known_apart=tuple(known_apart),
    )
