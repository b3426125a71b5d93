"""Who may stand twice: the same by every slip of the pen, never two of one family."""

import random
from datetime import date
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.people.matching import blocking
from glede.people.matching.comparing import birth_dates
from glede.people.matching.pairing import pairs
from glede.people.matching.records import Row, record
from glede.people.matching.sounds import sound
from glede.people.matching.values import Pair, Reason, Record
from glede.people.matching.weighing import FAMILY_AT_MOST, SAME_FROM, Population, weigh

TODAY = date(2026, 11, 24)
KARI = Row(UUID(int=1), "Kari", "Moe", date(1979, 3, 12), "Storgata 12", "1531", "Moss")


def known(row: Row, phone: str = "+4740000101", email: str = "") -> Record:
    """A row with a number and an address to write to."""
    return record(row, phones=(phone,) if phone else (), emails=(email,) if email else ())


def beside(one: Record, other: Record) -> Pair | None:
    """Compare two among a few hundred people of whom nothing is known."""
    return weigh(one, other, Population(400, TODAY))


class TestOnePersonTwice:
    @pytest.mark.parametrize(
        ("changed", "reason"),
        [
            ({}, Reason.SAME_NAME),
            ({"given_name": "Moe", "family_name": "Kari"}, Reason.NAMES_SWAPPED),
            ({"family_name": "Mo"}, Reason.SAME_FIRST_NAME),
            ({"family_name": "Møe"}, Reason.SAME_NAME),
            ({"given_name": "Krai"}, Reason.FIRST_NAME_MISTYPED),
            ({"birth_date": date(1979, 12, 3)}, Reason.BIRTH_DATE_SWAPPED),
            ({"birth_date": date(1979, 3, 21)}, Reason.BIRTH_DATE_NEAR),
            ({"family_name": "Moe Lie"}, Reason.LAST_NAME_SOUNDS_ALIKE),
            ({"street": "12, Storgaten"}, Reason.ADDRESS_ALIKE),
        ],
    )
    def test_whatever_slip_it_was_the_number_and_the_rest_say_one(
        self, changed: dict[str, str | date], reason: Reason
    ) -> None:
        found = beside(known(KARI), known(KARI._replace(patient_id=UUID(int=2), **changed)))  # type: ignore[arg-type]
        assert found is not None
        assert (found.verdict, reason in found.reasons) == ("same", True), found

    def test_names_that_sound_alike_stand_side_by_side(self) -> None:
        assert sound("kjetil") == sound("chettil")
        assert sound("kristoffer") == sound("christopher")
        assert sound("hansen") == sound("hanssen") == sound("hanson")
        assert sound("sara") == sound("sarah")
        assert sound("anne") != sound("anna")

    def test_one_who_moved_and_married_is_asked_about(self) -> None:
        moved = KARI._replace(
            patient_id=UUID(int=2), family_name="Berg", street="Torggata 2", postcode="0181", city="Oslo"
        )
        found = beside(known(KARI), known(moved, phone="+4740000999"))
        assert found is not None
        assert found.verdict == "perhaps"


class TestTwoOfOneFamily:
    @pytest.mark.parametrize(
        "other",
        [
            {"given_name": "Jonas", "birth_date": date(1977, 8, 1)},  # married
            {"given_name": "Liv", "birth_date": date(2008, 2, 28)},  # her daughter
            {"given_name": "Karin", "birth_date": date(1979, 3, 12)},  # her twin, on one number still
            {"given_name": "Kari", "birth_date": date(1950, 6, 1)},  # her mother, of the same name
            {"given_name": "Karianne", "birth_date": None},
            {"given_name": "", "birth_date": None},  # somebody in the house
            {"given_name": "K", "birth_date": None},
        ],
    )
    def test_a_shared_number_and_home_is_never_one_person(self, other: dict[str, str | date | None]) -> None:
        them = known(KARI._replace(patient_id=UUID(int=2), **other))  # type: ignore[arg-type]
        found = beside(known(KARI), them)
        assert found is None or (found.verdict, found.score <= FAMILY_AT_MOST) == ("perhaps", True), found

    @pytest.mark.parametrize("written", ["Emil", ""])
    def test_a_child_written_without_a_first_name_may_be_the_twin(self, written: str) -> None:
        child = KARI._replace(given_name=written, birth_date=date(2015, 3, 12))
        found = beside(known(child), known(child._replace(patient_id=UUID(int=2), given_name="")))
        assert found is not None
        assert (found.verdict, found.score) == ("perhaps", FAMILY_AT_MOST)

    def test_no_family_of_two_hundred_is_ever_called_one(self) -> None:
        families = planted(200)
        people = [one for family in families for one in family]
        home = {one.id: n for n, family in enumerate(families) for one in family}
        called = [pair for pair in pairs(people, TODAY) if pair.verdict == "same"]
        assert [pair for pair in called if home[pair.a] == home[pair.b]] == []
        assert called == []

    def test_without_the_care_for_families_they_would_be(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("glede.people.matching.weighing._may_be_two", lambda *_: False)
        people = [one for family in planted(200) for one in family]
        assert any(pair.verdict == "same" for pair in pairs(people, TODAY))

    def test_whom_a_colleague_told_apart_is_no_pair(self) -> None:
        again, phones = KARI._replace(patient_id=UUID(int=2)), ("+4740000101",)
        assert [pair.verdict for pair in pairs([known(KARI), record(again, phones=phones)], TODAY)] == ["same"]
        apart = [
            record(KARI, phones=phones, known_apart=(UUID(int=2),)),
            record(again, phones=phones, known_apart=(UUID(int=1),)),
        ]
        assert pairs(apart, TODAY) == []


STREETS = [
    "elve",
    "torg",
    "berg",
    "kirke",
    "skole",
    "park",
    "havne",
    "bekke",
    "lunde",
    "furu",
    "gran",
    "sol",
    "vår",
    "høst",
    "snø",
]
GIVEN = [
    "Anna", "Anne", "Ella", "Ellen", "Emil", "Emilie", "Jon", "Joan", "Kari", "Karin", "Lars", "Lasse", "Mari", "Marie",
    "Maria", "Nora", "Nils", "Ola", "Olav", "Per", "Peter", "Sara", "Sander", "Tor", "Tora",
]  # fmt: skip


def planted(count: int) -> list[list[Record]]:
    """Families on one number at one address: a couple, children, twins, and a son of his father's name."""
    chance = random.Random(11)
    families = []
    for n in range(count):
        name, phone, street = (
            f"{chance.choice(['Berg', 'Moe', 'Lie', 'Dahl'])}",
            f"+474{n:07d}",
            f"{STREETS[n % 15]}{STREETS[n // 15]}veien {n + 1}",
        )
        born = date(chance.randrange(1955, 1990), chance.randrange(1, 13), chance.randrange(1, 29))
        child = born.replace(year=born.year + chance.randrange(18, 35))
        father, mother, one, twin = chance.sample(GIVEN, 4)
        people = [(father, born), (mother, born.replace(month=chance.randrange(1, 13))), (one, child), (twin, child),
                  (father, child.replace(day=chance.randrange(1, 29)))]  # fmt: skip
        rows = [Row(UUID(int=n * 10 + place + 1), first, name, day, street, "1531", "Moss")
                for place, (first, day) in enumerate(people)]  # fmt: skip
        families.append([known(row, phone) for row in rows])
    return families


class TestKeys:
    def test_every_pair_that_shares_a_key_comes_once_in_one_order(self) -> None:
        people = [one for family in planted(20) for one in family]
        found = [(one.id, other.id) for one, other in blocking.candidates(people)]
        shared = {
            (one.id, other.id)
            for one, other in combinations(sorted(people, key=lambda r: r.id), 2)
            if set(blocking.keys_of(one)) & set(blocking.keys_of(other))
        }
        assert len(found) == len(set(found))
        assert shared <= set(found)
        assert found == [(a.id, b.id) for a, b in blocking.candidates(reversed(people))]

    def test_what_a_crowd_shares_says_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        people = [known(Row(UUID(int=n + 1)), phone="+4722000000") for n in range(6)]
        assert list(blocking.candidates(people))
        monkeypatch.setattr(blocking, "CROWD", 5)
        assert not list(blocking.candidates(people))


@given(
    st.dates(date(1900, 1, 1), date(2026, 1, 1)),
    st.dates(date(1900, 1, 1), date(2026, 1, 1)),
)
def test_birth_dates_are_compared_the_same_both_ways(one: date, other: date) -> None:
    assert birth_dates(one, other) is birth_dates(other, one)
    assert (birth_dates(one, other) is Reason.SAME_BIRTH_DATE) == (one == other)


names = st.sampled_from(["Kari", "Karin", "Moe", "Mo", "", "Jon", "John", "Åse", "Aase Marie"])
rows = st.builds(
    Row,
    st.uuids(),
    names,
    names,
    st.none() | st.dates(date(1940, 1, 1), date(2020, 1, 1)),
    st.sampled_from(["", "Storgata 1", "1 Storgata, Hagen", "Torggata 7"]),
    st.sampled_from(["", "1531", "1513"]),
    st.sampled_from(["", "Moss", "Mosss"]),
)


@given(rows, rows, st.booleans())
def test_who_stands_first_changes_nothing(one: Row, other: Row, is_shared: bool) -> None:
    a, b = known(one), known(other, phone="+4740000101" if is_shared else "+4740000102")
    assert beside(a, b) == beside(b, a)
    found = beside(a, b)
    assert found is None or 0.5 <= found.score <= 1
    assert found is None or (found.verdict == "same") == (found.score >= SAME_FROM)
