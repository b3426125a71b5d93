"""Whom a campaign is for: from the consents, from a list that was brought, or by the numbers of an old system."""

from typing import Any
from uuid import UUID

from glede.desk.access import DeskRequest
from glede.desk.campaigns.forms import AGREED, LISTED
from glede.desk.diary.times import read_uuid
from glede.lists import queries as lists
from glede.lists.errors import NoSuchList
from glede.lists.values import State
from glede.people import queries as people
from glede.people.queries.consents import people_who_agreed


def lists_of(request: DeskRequest) -> list[tuple[str, str]]:
    """Return the lists that were brought, the newest first, with their names."""
    found = lists.lists_page(request.practice.pk)
    return [(str(line.id), f"{line.name} ({line.put_in_at:%Y-%m-%d})") for line in found if line.state == State.BROUGHT]


def people_of(request: DeskRequest, said: dict[str, Any]) -> tuple[list[UUID], int]:
    """Return the people who are meant, and how many of the numbers are nobody's here."""
    if said["whom"] == AGREED:
        return people_who_agreed(request.practice.pk, said["purpose"]), 0
    if said["whom"] == LISTED:
        wanted = read_uuid(said["of_list"])
        try:
            return (lists.people_of_list(request.practice.pk, wanted) if wanted else []), 0
        except NoSuchList:
            return [], 0
    typed = list(dict.fromkeys(said["numbers"].replace(",", "\n").replace(";", "\n").split()))
    known = people.patients_by_external_id(request.practice.pk, typed)
    return [known[number] for number in typed if number in known], len([n for n in typed if n not in known])
