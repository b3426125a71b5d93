"""Sofie brings her list over in the browser: nothing is saved before she says so, and she can take it back."""

from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from glede.lists import operations, queries
from glede.lists.models import BroughtList
from glede.people.queries import count_patients, patients_by_external_id
from glede.practices import scope
from tests.cast import House, open_nordlys, open_solberg
from tests.seats import at_desk

PEOPLE = """Kundenr;Navn;Født;Telefon;E-post;Reservert
S-1;Åse Nordbø;12.03.1960;912 34 567;aase@example.no;Nei
S-2;Per van der Berg;31.02.1970;40001234;;Ja
;;;;;
S-3;Turid Bø;01.05.1955;;turid@example.org;Nei
S-1;Åse Nordbø;12.03.1960;912 34 567;aase@example.no;Nei
"""
VISITS = """Avtalenr;Kundenr;Dato;Kl;Varighet;Type
V-1;S-1;25.11.2026;10:00;30;Tørre øyne
"""


@pytest.fixture
def house(db: None) -> House:
    return open_solberg("kari", is_virtual=True)


@pytest.fixture
def sofie(house: House) -> Client:
    """The owner's browser, in English."""
    return at_desk(house, "sofie")


def words(response: Any) -> str:
    """Return what is read on a page."""
    return " ".join(unescape(strip_tags(response.content.decode().replace("<", " <"))).split())


def put_in(client: Client, text: str | bytes, what: str = "people", name: str = "kunder.csv") -> Any:
    content = text.encode() if isinstance(text, str) else text
    return client.post(reverse("desk:lists"), {"what": what, "file": SimpleUploadedFile(name, content)})


def listed(client: Client, text: str, what: str = "people") -> UUID:
    response = put_in(client, text, what)
    assert response.status_code == 302
    return UUID(response.headers["Location"].rstrip("/").rpartition("/")[2])


def look(client: Client, list_id: UUID) -> str:
    response = client.get(reverse("desk:list", args=[list_id]))
    assert response.status_code == 200
    return words(response)


def press(client: Client, name: str, list_id: UUID, **given: object) -> str:
    response = client.post(reverse(f"desk:list_{name}", args=[list_id]), given, follow=True)
    assert response.status_code == 200
    return words(response)


def bring(house: House, list_id: UUID) -> None:
    """Do what the worker does once the button was pressed."""
    operations.bring_list(practice_id=house.id, list_id=list_id, by=house.by("sofie"), now=house.now)


def test_what_was_found_is_shown_and_nothing_is_saved(house: House, sofie: Client) -> None:
    before = count_patients(house.id)
    shown = look(sofie, listed(sofie, PEOPLE))
    assert "5 rows in kunder.csv" in shown
    assert "Nothing is saved yet" in shown
    assert "Bring in 3 people" in shown
    assert "1 stood earlier in the same file" in shown
    assert "Birth date: cannot be read and stays empty · 1" in shown
    assert "Row 3: 31.02.1970" in shown
    assert "has neither number, name nor a way to be reached" in shown
    assert count_patients(house.id) == before


def test_it_comes_in_and_is_taken_back(house: House, sofie: Client) -> None:
    before = count_patients(house.id)
    list_id = listed(sofie, PEOPLE)
    assert "0 of 5 rows" in press(sofie, "bring", list_id)
    bring(house, list_id)
    shown = look(sofie, list_id)
    assert "It is in." in shown
    assert "Now their visits" in shown
    assert count_patients(house.id) == before + 3
    assert "It is being taken back." in press(sofie, "take_back", list_id)
    operations.take_back_list(practice_id=house.id, list_id=list_id, by=house.by("sofie"), now=house.now)
    assert count_patients(house.id) == before
    assert "This list was taken back. 3 people are gone." in look(sofie, list_id)


def test_an_unsure_cell_asks_one_question_before_anything(house: House, sofie: Client) -> None:
    list_id = listed(sofie, PEOPLE.replace(";Ja", ";Kanskje"))
    shown = look(sofie, list_id)
    assert "One question" in shown
    assert "neither yes nor no" in shown
    assert "Kanskje" in shown
    assert "Bring in" not in shown
    assert "Answer the questions first." in press(sofie, "bring", list_id)
    shown = press(sofie, "columns", list_id, **{"answer-0": "no_marketing:yes|Reservert"})
    assert "Bring in 3 people" in shown


def test_a_column_is_what_she_says_and_that_is_remembered(house: House, sofie: Client) -> None:
    strange = PEOPLE.replace("Navn", "Hvem er det")
    list_id = listed(sofie, strange)
    shown = press(sofie, "columns", list_id, column=["full_name|Hvem er det", ""])
    assert "Whole name as you said" in shown
    bring(house, list_id)
    again = look(sofie, listed(sofie, strange))
    assert "as you said last time" in again
    assert "3 here already, just so" in again


def test_what_was_set_here_stays_unless_she_chooses(house: House, sofie: Client) -> None:
    from glede.people import operations as people

    list_id = listed(sofie, PEOPLE)
    bring(house, list_id)
    person = patients_by_external_id(house.id, ["S-3"])["S-3"]
    people.change_patient(
        practice_id=house.id, patient_id=person, fields={"family_name": "Bø Hansen"}, by=house.by("ingrid"),
        now=house.now,
    )  # fmt: skip
    changed = listed(sofie, PEOPLE.replace("Turid Bø", "Turid Bøe"))
    shown = look(sofie, changed)
    assert "The list says otherwise than you do" in shown
    assert "Bø Hansen" in shown
    row = queries.found(house.id, changed, now=house.now).asks[0]
    press(sofie, "answers", changed, theirs=[f"{row.row}|{row.field}"])
    assert queries.found(house.id, changed, now=house.now).asks[0].is_answered


def test_the_settings_learn_what_the_list_knows(house: House, sofie: Client) -> None:
    bring(house, listed(sofie, PEOPLE))
    list_id = listed(sofie, VISITS, "appointments")
    shown = look(sofie, list_id)
    assert "The list knows what the settings do not" in shown
    found = queries.found(house.id, list_id, now=house.now)
    shown = press(sofie, "proposals", list_id, take=[one.key for one in found.proposals])
    assert "They stand in the settings now." in shown
    assert "Tørre øyne" in words(sofie.get(reverse("desk:settings")))


def test_rejects_are_handed_out_to_be_dropped_again(house: House, sofie: Client) -> None:
    list_id = listed(sofie, PEOPLE)
    missing = sofie.get(reverse("desk:list_rejects", args=[list_id]))
    assert missing.status_code == 404
    bring(house, list_id)
    file = sofie.get(reverse("desk:list_rejects", args=[list_id]))
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="kunder-rejects.csv"' in file.headers["Content-Disposition"]
    assert file.content.decode("utf-8-sig").splitlines()[0].endswith("glede_reason")
    corrected = file.content.replace(b";;;;;;", b"S-9;Nora Nyby;;;nora@example.no;;")
    assert "Bring in 1 person" in words(sofie.get(put_in(sofie, corrected).headers["Location"]))


def test_what_is_no_list_is_refused_in_words(house: House, sofie: Client) -> None:
    for content in ("", b"\x00\xff\xfe\x80broken"):
        response = put_in(sofie, content)
        assert response.status_code in {302, 422}
    assert "Choose a file" in words(sofie.post(reverse("desk:lists"), {"what": "people"}))


def test_a_list_is_thrown_away(house: House, sofie: Client) -> None:
    list_id = listed(sofie, PEOPLE)
    assert "Thrown away. Nothing of it was saved." in press(sofie, "discard", list_id)
    assert "It stands elsewhere by now" in press(sofie, "bring", list_id)


def test_a_long_list_is_looked_through_behind_the_page(
    house: House, sofie: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glede.lists.values.READ_AT_ONCE", 4)
    where = listed(sofie, PEOPLE)
    shown = look(sofie, where)
    assert "One moment, we are looking through it" in shown
    assert "0 of 5 rows" in shown
    assert "Bring in" not in shown
    given: dict[str, Any] = {"practice_id": house.id, "by": house.by("sofie"), "now": house.now}
    operations.read_through(list_id=where, **given)
    shown = look(sofie, where)
    assert "Bring in 3 people" in shown
    assert "Looked through" in shown
    with scope.transaction(house.id):
        BroughtList.objects.filter(pk=where).update(report=None)
    assert "It has not been looked through to its end" in look(sofie, where)
    sofie.post(reverse("desk:list_columns", args=[where]))
    assert "0 of 5 rows" in look(sofie, where)


def test_it_is_said_in_norwegian(house: House) -> None:
    sofie = at_desk(house, "sofie", "nb")
    shown = look(sofie, listed(sofie, PEOPLE))
    assert "5 rader i kunder.csv" in shown
    assert "Ingenting er lagret ennå." in shown
    assert "Hent inn 3 personer" in shown


def test_the_first_day_begins_with_the_list(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Bring your list over" not in words(at_desk(house, "sofie").get("/"))
    monkeypatch.setattr("glede.people.queries.count_patients", lambda practice_id: 0)
    for who, begins in (("sofie", True), ("ingrid", False)):
        today = words(at_desk(house, who).get("/"))
        assert ("Nobody is here yet. Bring your list over" in today) == begins


def test_nobody_is_shown_the_list_of_another_practice(house: House, sofie: Client) -> None:
    list_id = listed(at_desk(open_nordlys("kari", is_virtual=True), "runa"), PEOPLE)
    for name in ("list", "list_rejects"):
        assert sofie.get(reverse(f"desk:{name}", args=[list_id])).status_code == 404
    for name in ("bring", "columns", "answers", "proposals", "stop", "discard", "take_back"):
        assert sofie.post(reverse(f"desk:list_{name}", args=[list_id])).status_code == 404


def test_a_receptionist_brings_no_list(house: House) -> None:
    assert at_desk(house, "ingrid").get(reverse("desk:lists")).status_code == 403


def test_the_page_that_asks_how_far_it_is_becomes_another_when_it_is_over(house: House, sofie: Client) -> None:
    list_id = listed(sofie, PEOPLE)
    press(sofie, "bring", list_id)
    where, asking = reverse("desk:list", args=[list_id]), {"HX-Request": "true"}
    assert "HX-Refresh" not in sofie.get(where, headers=asking)
    bring(house, list_id)
    assert sofie.get(where, headers=asking)["HX-Refresh"] == "true"
    assert "HX-Refresh" not in sofie.get(where)


def test_a_list_that_was_in_already_says_so(house: House, sofie: Client) -> None:
    for became in ("It is in.", "It was in already."):
        list_id = listed(sofie, PEOPLE)
        press(sofie, "bring", list_id)
        bring(house, list_id)
        assert became in look(sofie, list_id)
    nobody = listed(sofie, "Kundenr;Fornavn;Mobil\n;;\n1E+9;;\n")
    press(sofie, "bring", nobody)
    bring(house, nobody)
    shown = look(sofie, nobody)
    assert "Nothing could be taken." in shown
    assert "Now their visits" not in shown
