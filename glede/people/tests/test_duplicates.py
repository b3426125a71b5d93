"""Who may stand twice in the list of a practice, and what a colleague says of them."""

import csv
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from glede.kernel.actor import IMPORT
from glede.ledger.queries import verify
from glede.people import operations, queries
from glede.people.lists.opening import open_sheet
from glede.people.lists.people import read_people
from glede.people.matching.values import Pair
from tests.cast import ARNE, BERIT, ELLA, KARI, House

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
SETS = Path(os.environ.get("GLEDE_TEST_DATA", "")) / "patients"


def pair_of(house: House, one: UUID, other: UUID) -> Pair | None:
    """The pair of two people, where they are one."""
    found = queries.duplicates(house.id, TODAY)
    return next((pair for pair in found if {pair.a, pair.b} == {one, other}), None)


@pytest.fixture
def twice(solberg: House) -> UUID:
    """Kari, who rang from her own number and was written down once more."""
    again = replace(KARI, given_name="Kari", family_name="Mo", external_id="", emails=())
    return operations.add_patient(practice_id=solberg.id, person=again, by=solberg.by("ingrid"), now=solberg.now).pk


def test_somebody_written_down_again_is_found_with_reasons(solberg: House, twice: UUID) -> None:
    found = pair_of(solberg, solberg.people["kari"], twice)
    assert found is not None
    assert found.verdict == "same"
    assert {"same_first_name", "same_birth_date", "same_phone"} <= set(found.reasons)


def test_who_was_joined_is_asked_about_no_more_and_again_once_parted(solberg: House, twice: UUID) -> None:
    given: dict[str, Any] = {"practice_id": solberg.id, "by": solberg.by("ingrid"), "now": solberg.now}
    operations.merge_patients(keep_id=solberg.people["kari"], merge_id=twice, **given)
    assert pair_of(solberg, solberg.people["kari"], twice) is None
    operations.unmerge_patient(patient_id=twice, **given)
    assert pair_of(solberg, solberg.people["kari"], twice) is not None


def test_who_was_told_apart_is_asked_about_no_more_until_somebody_thinks_again(solberg: House, twice: UUID) -> None:
    pair: dict[str, Any] = {"one_id": solberg.people["kari"], "other_id": twice}
    given: dict[str, Any] = {"practice_id": solberg.id, "by": solberg.by("ingrid"), "now": solberg.now}
    for _ in range(2):
        operations.tell_apart(**pair, **given)
    assert pair_of(solberg, *pair.values()) is None
    operations.reconsider(one_id=twice, other_id=solberg.people["kari"], **given)
    assert pair_of(solberg, *pair.values()) is not None
    assert verify(solberg.id).ok
    with pytest.raises(operations.CannotMerge):
        operations.tell_apart(one_id=twice, other_id=twice, **given)


def test_a_family_on_one_number_is_three_people(solberg: House) -> None:
    at: dict[str, Any] = {"practice_id": solberg.id, "by": solberg.by("ingrid"), "now": solberg.now}
    ids = [operations.add_patient(person=one, **at).pk for one in (BERIT, ELLA, ARNE)]
    assert BERIT.phones == ARNE.phones
    assert [pair_of(solberg, one, other) for one, other in combinations(ids, 2)] == [None] * 3


def test_nobody_of_the_other_practice_takes_part(solberg: House, nordlys: House) -> None:
    """Both know a Kari Moe, of one birth date."""
    theirs = {pk for pair in queries.duplicates(nordlys.id, TODAY) for pk in (pair.a, pair.b)}
    ours = {pk for pair in queries.duplicates(solberg.id, TODAY) for pk in (pair.a, pair.b)}
    assert not theirs & ours
    assert not ours & set(nordlys.people.values())


def bring(house: House, text: str) -> None:
    """Bring a list in."""
    sheet = open_sheet(text.encode())
    read = read_people(sheet, today=TODAY)
    operations.bring_people(practice_id=house.id, read=read, rows=len(sheet.rows), by=IMPORT, now=house.now)


def _without(file: Path, *columns: str) -> str:
    """A list as it is, less some columns."""
    rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
    kept = [place for place, head in enumerate(rows[0]) if head.strip() not in columns]
    return "\n".join(",".join(row[place].strip() for place in kept) for row in rows)


def _scored(house: House, cluster: dict[str, int], verdicts: set[str]) -> tuple[float, float]:
    """Precision and recall over the people of odd clusters, on whom nothing was tuned."""
    ids = {key: pk for key, pk in queries.patients_by_external_id(house.id, cluster).items() if cluster[key] % 2}
    number = {pk: cluster[key] for key, pk in ids.items()}
    true = {pair for pair in combinations(sorted(number), 2) if number[pair[0]] == number[pair[1]]}
    said = {
        (pair.a, pair.b)
        for pair in queries.duplicates(house.id, TODAY)
        if pair.verdict in verdicts and pair.a in number and pair.b in number
    }
    return len(said & true) / len(said), len(said & true) / len(true)


def _truth(file: Path, pattern: str) -> Iterator[tuple[str, int]]:
    for row in csv.reader(file.read_text(encoding="utf-8").splitlines()[1:]):
        if found := re.search(pattern, ",".join(row)):
            yield row[0], int(found[1])


@pytest.mark.skipif(not SETS.is_dir(), reason="GLEDE_TEST_DATA names no folder with the public sets of people")
def test_the_public_sets_are_told_as_the_docs_say(solberg: House, nordlys: House) -> None:
    febrl, fake = SETS / "febrl/dataset1.csv", SETS / "splink/fake_1000.csv"
    bring(solberg, _without(febrl, "soc_sec_id"))
    cluster = dict(_truth(febrl, r"rec-(\d+)-"))
    precision, recall = _scored(solberg, cluster, {"same", "perhaps"})
    assert (precision >= 0.99, recall >= 0.95) == (True, True), (precision, recall)
    precision, recall = _scored(solberg, cluster, {"same"})
    assert (precision >= 0.99, recall >= 0.9) == (True, True), (precision, recall)
    bring(nordlys, _without(fake, "cluster"))
    precision, recall = _scored(nordlys, dict(_truth(fake, r",(\d+)$")), {"same"})
    assert (precision >= 0.95, recall >= 0.35) == (True, True), (precision, recall)
