"""Questions about people: right, few statements, and the other practice sees nothing."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import ScopeError

from glede.kernel.actor import IMPORT, SYSTEM
from glede.kernel.ids import new_id
from glede.people import operations as people
from glede.people import queries
from glede.people.models import Patient
from glede.people.queries.finding import UnreadableCursor
from glede.people.values import ConsentForm, PersonForm, Wishes
from glede.practices import scope
from tests import cast
from tests.cast import MORNING, House

LATER = MORNING + timedelta(minutes=5)


@pytest.fixture
def everybody(db: None) -> House:
    return cast.open_solberg()


def asks(question: Callable[[], object]) -> list[str]:
    """Return the statements a question asks of the tables; those that set the scope are left out."""
    with CaptureQueriesContext(connection) as captured:
        question()
    return [
        q["sql"]
        for q in captured
        if q["sql"].lstrip("( \n").upper().startswith(("SELECT ", "WITH ")) and "set_config" not in q["sql"]
    ]


class TestReach:
    def reach(self, house: House, name: str) -> Any:
        return queries.reach(house.id, [house.people[name]])[house.people[name]]

    def test_kari_is_reached_as_she_wishes(self, everybody: House) -> None:
        kari = self.reach(everybody, "kari")
        assert (kari.channels, kari.hours_from, kari.hours_to) == (("sms", "call"), time(10), time(18))
        assert (kari.language, kari.zone, kari.style) == ("nb", "Europe/Oslo", "friendly")
        assert not kari.opted_out
        assert {c.kind for c in kari.contacts} == {"phone", "email"}

    def test_sunniva_gets_no_text_and_no_marketing(self, everybody: House) -> None:
        assert self.reach(everybody, "sunniva").opted_out == {("sms", "all"), ("*", "marketing")}

    def test_who_has_no_contact_has_no_channel(self, everybody: House) -> None:
        assert self.reach(everybody, "solveig").channels == ()

    def test_a_landline_is_only_called(self, everybody: House) -> None:
        assert self.reach(everybody, "odd").channels == ("call",)

    def test_per_is_called_and_anxious(self, everybody: House) -> None:
        per = self.reach(everybody, "per")
        assert (per.channels, per.likes_calls, per.is_anxious, per.is_complex) == (("call",), True, True, False)

    def test_an_english_speaker_keeps_her_language(self, everybody: House) -> None:
        assert self.reach(everybody, "emily").language == "en"

    def test_messages_about_a_child_go_to_the_guardian(self, everybody: House) -> None:
        cast.wish(everybody, "berit", Wishes(channels=("sms",), language="en"))
        people.opt_out(
            practice_id=everybody.id,
            patient_id=everybody.people["berit"],
            channel="sms",
            scope="marketing",
            how="sms",
            by=everybody.by("berit"),
            now=LATER,
        )
        ella = self.reach(everybody, "ella")
        assert (ella.given_name, ella.addressed_name, ella.guardian_id) == ("Ella", "Berit", everybody.people["berit"])
        assert (ella.channels, ella.language) == (("sms",), "en")
        assert [c.address for c in ella.contacts] == ["+4740000106"]
        assert ("sms", "marketing") in ella.opted_out

    def test_a_grown_up_on_a_carers_number_is_addressed_himself(self, everybody: House) -> None:
        arne = self.reach(everybody, "arne")
        assert (arne.addressed_name, arne.guardian_id) == ("Arne", None)

    def test_who_died_or_is_under_safeguarding_is_marked(self, everybody: House) -> None:
        fields = {"deceased_on": date(2026, 11, 1), "safeguarded_since": date(2026, 11, 2)}
        people.change_patient(
            practice_id=everybody.id, patient_id=everybody.people["tor"], fields=fields, by=SYSTEM, now=LATER
        )
        tor = self.reach(everybody, "tor")
        assert (tor.deceased, tor.is_under_safeguarding) == (True, True)

    def test_a_consent_keeps_its_end(self, everybody: House) -> None:
        until = LATER + timedelta(days=30)
        people.record_consent(
            practice_id=everybody.id,
            patient_id=everybody.people["mette"],
            consent=ConsentForm("grant", "offer", "email", valid_until=until, legal_basis="consent"),
            by=SYSTEM,
            now=LATER,
        )
        (state,) = self.reach(everybody, "mette").consents
        assert (state.is_given, state.valid_until, state.at) == (True, until, LATER)

    def test_it_takes_one_statement_however_many_people(self, everybody: House) -> None:
        few, many = list(everybody.people.values())[:1], list(everybody.people.values())
        assert len(asks(lambda: queries.reach(everybody.id, few))) == 1
        assert len(asks(lambda: queries.reach(everybody.id, many))) == 1

    def test_a_reach_is_frozen(self, everybody: House) -> None:
        with pytest.raises(AttributeError):
            self.reach(everybody, "kari").language = "en"


class TestCard:
    def card(self, house: House, name: str) -> Any:
        return queries.patient_card(house.id, house.people[name])

    def test_what_matters_to_kari_stands_in_her_words(self, everybody: House) -> None:
        kari = self.card(everybody, "kari")
        assert (kari.person.name, kari.person.how_to_say, kari.age_on(date(2026, 11, 24))) == (
            "Kari Moe",
            "KAH-ree MOO-eh",
            71,
        )
        assert [w.words for w in kari.words["want"]] == ["I want to read to my grandson without going to the window."]
        assert [n.words for n in kari.follow_ups] == ["How did the cabin roof go?"]
        assert kari.wishes.channels == ("sms", "call")

    def test_a_birthday_on_a_leap_day_comes_on_the_first_of_march(self, everybody: House) -> None:
        lea = self.card(everybody, "lea")
        assert [lea.age_on(day) for day in (date(2027, 2, 28), date(2027, 3, 1))] == [18, 19]

    def test_a_guardian_and_her_ward_name_each_other(self, everybody: House) -> None:
        assert self.card(everybody, "ella").guardian.name == "Berit Lund"
        assert [p.name for p in self.card(everybody, "berit").wards] == ["Ella Lund"]

    def test_the_number_of_statements_does_not_grow(self, everybody: House) -> None:
        before = len(asks(lambda: self.card(everybody, "kari")))
        for n in range(5):
            cast.words(everybody, "kari", "want", f"More {n}")
        assert len(asks(lambda: self.card(everybody, "kari"))) == before <= 10

    def test_lines_of_many_people_take_one_statement(self, everybody: House) -> None:
        ids = list(everybody.people.values())
        lines = queries.wordings(everybody.id, ids, ["need", "anxious"])
        assert set(lines) == {everybody.people[name] for name in ("jonas", "tor", "per")}
        assert len(asks(lambda: queries.wordings(everybody.id, ids, ["need"]))) == 1


class TestFinding:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("kari", "kari"), ("MOE ka", "kari"), ("ås", "solveig"), ("aas sol", "solveig"), ("0110", "emily"),
            ("07700 900110", None), ("+44 7700 900110", "emily"), ("2008-02-29", "lea"), ("29.02.2008", "lea"),
            ("s-1003", "tor"), ("29.2.08", "lea"), ("290208", "lea"), ("mette.dahl@", "mette"),
            ("nobody", None), ("", None),
        ],
    )  # fmt: skip
    def test_a_person_is_found_by_anything(self, everybody: House, text: str, name: str | None) -> None:
        found = [row.patient_id for row in queries.search(everybody.id, text)]
        assert (found[:1] == [everybody.people[name]]) if name else found == []

    def test_a_whole_name_comes_before_a_beginning(self, everybody: House) -> None:
        cast.add(everybody, "li", PersonForm(given_name="Aa", family_name="Lundgren"))
        found = [row.family_name for row in queries.search(everybody.id, "lund")]
        assert found == ["Lund", "Lund", "Lund", "Lundgren"]

    def test_a_row_tells_namesakes_apart_in_few_statements(self, everybody: House) -> None:
        (kari,) = queries.search(everybody.id, "kari moe")
        assert (kari.phone, kari.email, kari.birth_date) == ("+4740000101", "kari.moe@example.org", date(1955, 3, 2))
        assert len(asks(lambda: queries.search(everybody.id, "lund", limit=3))) == 3
        assert len(asks(lambda: queries.search(everybody.id, "lund"))) == 5, "room is left for names that sound so"
        assert len(asks(lambda: queries.search(everybody.id, "lund be"))) == 7

    def test_names_that_sound_so_follow_the_name_itself(self, everybody: House) -> None:
        for given, family in (("Kjetil", "Strøm"), ("Chettil", "Berg"), ("Kjell", "Strøm")):
            cast.add(everybody, given, PersonForm(given_name=given, family_name=family))
        for words, wanted in (
            ("chettil", ["Chettil", "Kjetil"]), ("Kjetil", ["Kjetil", "Chettil"]), ("ketil", []),
            ("chettil strom", ["Kjetil"]), ("stroem kjetil", ["Kjetil"]), ("chettil 400", []),
        ):  # fmt: skip
            assert [row.given_name for row in queries.search(everybody.id, words)] == wanted, words

    def test_what_stands_inside_a_word_follows_what_begins_so(self, everybody: House) -> None:
        for given, family in (("Ida", "Solfjeld"), ("Eva", "Fjeld"), ("Ole", "Fjeldstad"), ("Per", "Granfjelder")):
            cast.add(everybody, given, PersonForm(given_name=given, family_name=family))
        for words, wanted in (
            ("fjeld", ["Fjeld", "Fjeldstad", "Granfjelder", "Solfjeld"]), ("fjelder", ["Granfjelder"]),
            ("fjeld ida", ["Solfjeld"]), ("fj", ["Fjeld", "Fjeldstad"]),
        ):  # fmt: skip
            found = [row.family_name for row in queries.search(everybody.id, words)]
            assert (found[:2], sorted(found)) == (wanted[:2], sorted(wanted)), words

    def test_pages_show_everybody_once_in_norwegian_order(self, everybody: House) -> None:
        shown, after = [], None
        while True:
            page = queries.patients_page(everybody.id, after=after, limit=4)
            shown += [row.name for row in page.rows]
            after = page.next
            if after is None:
                break
        assert len(shown) == len(set(shown)) == len(cast.PEOPLE)
        assert shown[0] == "Emily Clarke"
        assert shown[-2:] == ["Sunniva Aasen", "Solveig Ås"] or shown[-2:] == ["Solveig Ås", "Sunniva Aasen"]
        assert len(asks(lambda: queries.patients_page(everybody.id, limit=4))) == 2

    def test_a_made_up_page_is_refused(self, everybody: House) -> None:
        with pytest.raises(UnreadableCursor):
            queries.patients_page(everybody.id, after="x")

    def test_who_shares_an_address_is_named_with_the_others(self, everybody: House) -> None:
        both = queries.patients_at(everybody.id, "phone", "+4740000106")
        assert set(both) == {everybody.people["berit"], everybody.people["arne"]}
        assert queries.patients_at(everybody.id, "email", "emily.clarke@example.org") == [everybody.people["emily"]]


QUESTIONS: dict[str, Callable[[House, House], object]] = {
    "reach": lambda us, them: queries.reach(us.id, them.people.values()),
    "card": lambda us, them: queries.patient_card(us.id, them.people["kari"]),
    "names": lambda us, them: queries.names(us.id, them.people.values()),
    "head": lambda us, them: queries.head_of(us.id, them.people["kari"]),
    "search": lambda us, _: queries.search(us.id, "nils") or queries.search(us.id, "kari@example.net"),
    "at": lambda us, _: queries.patients_at(us.id, "phone", "+4740000201"),
    "household": lambda us, them: queries.household_of(us.id, them.people["kari"]),
    "history": lambda us, them: queries.field_history(us.id, them.people["kari"]),
    "set here": lambda us, them: queries.fields_changed_here(us.id, them.people.values()),
    "consents": lambda us, them: queries.consent_history(us.id, them.people["kari"]),
    "wordings": lambda us, them: queries.wordings(us.id, them.people.values(), ["need", "want"]),
    "page": lambda us, _: [row for row in queries.patients_page(us.id).rows if row.external_id == "NORD"],
}


@pytest.fixture
def told(nordlys: House) -> House:
    """The other practice, with something to tell for every question."""
    kari = nordlys.people["kari"]
    own: dict[str, Any] = {"practice_id": nordlys.id, "patient_id": kari, "by": SYSTEM, "now": LATER}
    people.change_patient(fields={"external_id": "NORD"}, **own)
    people.note_need(kind="need", words="Theirs alone", **own)
    people.opt_out(channel=None, scope="all", how="form", **own)
    people.join_household(practice_id=nordlys.id, patient_ids=list(nordlys.people.values()), by=SYSTEM, now=LATER)
    return nordlys


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_other_practice_sees_nothing(name: str, solberg: House, told: House) -> None:
    theirs = QUESTIONS[name](told, told)
    assert theirs, "the question must find something at home"
    assert not QUESTIONS[name](solberg, told)


def test_the_same_number_in_two_lists_is_two_people(solberg: House, nordlys: House) -> None:
    ours = queries.patients_by_external_id(solberg.id, ["S-1001", ""])
    assert ours == {"S-1001": solberg.people["kari"]}


def test_the_page_counts_only_its_own(solberg: House, nordlys: House) -> None:
    assert queries.count_patients(solberg.id) == 1
    assert queries.patient_ids(solberg.id) == [solberg.people["kari"]]


def test_an_act_on_a_stranger_is_refused(solberg: House, nordlys: House) -> None:
    with pytest.raises(people.NoSuchPatient):
        people.change_patient(
            practice_id=solberg.id, patient_id=nordlys.people["kari"], fields={"given_name": "X"}, by=IMPORT, now=LATER
        )
    with pytest.raises(people.NoSuchPatient):
        people.opt_out(
            practice_id=solberg.id, patient_id=new_id(), channel=None, scope="all", how="form", by=SYSTEM, now=LATER
        )


def test_a_query_outside_a_scope_raises(solberg: House) -> None:
    with pytest.raises(ScopeError):
        Patient.objects.count()


def test_the_database_hides_the_other_practice_where_the_code_forgets(solberg: House, nordlys: House) -> None:
    with scope.transaction(solberg.id), connection.cursor() as cursor:
        cursor.execute("select count(*) from people_patient")
        assert cursor.fetchone() == (1,)
