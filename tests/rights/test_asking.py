"""What a patient asks about their data by their link, what the desk answers, and what the patient sees of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from glede.ledger.queries import looks_at
from glede.people.operations.rights import subject_of
from glede.people.queries import names, patient_card
from glede.people.queries.rights import Asked, requests_of
from glede.people.rules.rights import UnreadableCorrection, due, proposed
from glede.promises.queries import open_about, open_promises
from tests.cast import MORNING
from tests.estate import Estate, an_estate
from tests.seats import at_desk


@pytest.fixture
def estate(db: None) -> Estate:
    return an_estate("solberg", "kari")


def page(estate: Estate, where: str = "rights/") -> str:
    """Return a page behind the link, in English."""
    client = Client()
    client.cookies["glede_look"] = "1.light.en-gb.on"
    return client.get(f"/t/{estate.link}/{where}").content.decode()


def press(estate: Estate, where: str, act: str, **given: str) -> Any:
    nonce = re.findall(r'name="nonce" value="([^"]+)"', page(estate, where))[0]
    return Client().post(f"/t/{estate.link}/{act}", {"nonce": nonce, **given})


def asked(estate: Estate, kind: str) -> Asked:
    found = requests_of(estate.house.id, [estate.ids["patient_id"]])
    return next(one for one in found if one.kind == kind)


def answer(estate: Estate, kind: str, *, colleague: str = "sofie", **given: str) -> Any:
    where = reverse("desk:right_answer", args=[asked(estate, kind).id])
    return at_desk(estate.house, colleague).post(where, given, follow=True)


def test_who_looked_is_asked_by_the_link_and_shown_there_by_one_press(estate: Estate) -> None:
    at_desk(estate.house, "ingrid").get(reverse("desk:person", args=[estate.ids["patient_id"]]))
    (owed,) = open_about(estate.house.id, subject_of(asked(estate, "looks").id))
    assert owed.kind == "right"
    assert "Ingrid" not in page(estate)
    answer(estate, "looks", colleague="ingrid", answer="yes")
    assert "Ingrid" not in page(estate), "the owner answers it, nobody else"
    answer(estate, "looks", answer="yes")
    told = page(estate)
    assert "Ingrid" in told
    assert "Ingrid Berg" not in told
    assert "your page" in told
    assert owed.id not in {one.id for one in open_promises(estate.house.id)}


def test_a_correction_is_a_promise_with_old_and_new_and_changes_nothing_before_the_answer(estate: Estate) -> None:
    response = press(estate, "rights/correction/?what=phone", "rights/correction/", what="phone", phone="400 00 333")
    assert response.status_code == 303
    press(estate, "rights/correction/?what=phone", "rights/correction/", what="phone", phone="400 00 333")
    (owed,) = [one for one in open_promises(estate.house.id, kinds=["right"]) if one.cause == "correction"]
    assert owed.due_at <= estate.house.now + timedelta(days=8)
    assert _phones(estate) == ["+4740000101"]
    shown = at_desk(estate.house, "ingrid").get(reverse("desk:right", args=[owed.subject.id])).content.decode()
    assert "400 00 101" in shown.replace("\u00a0", " ")
    assert "40 00 03 33" in shown.replace("\u00a0", " ")
    answer(estate, "correction", colleague="ingrid", answer="yes", words="We rang you: thank you.")
    assert _phones(estate) == ["+4740000333"]
    told = page(estate)
    assert "We rang you" in told
    assert "+4740000333" not in told
    assert "40 00 03 33" not in told


def test_a_declined_correction_has_a_word_and_changes_nothing(estate: Estate) -> None:
    press(
        estate, "rights/correction/?what=name", "rights/correction/", what="name", given_name="Kara", family_name="Moe"
    )
    answer(estate, "correction", answer="no")
    assert asked(estate, "correction").answered_at is None, "a word is asked for"
    answer(estate, "correction", answer="no", words="Please show us your passport.")
    assert "Please show us your passport." in page(estate)
    assert names(estate.house.id, [estate.ids["patient_id"]])[estate.ids["patient_id"]].given_name == "Kari"


def test_forgetting_is_asked_owed_within_a_month_and_done_by_the_owner_who_writes_the_name(estate: Estate) -> None:
    press(estate, "rights/", "rights/ask/", kind="erasure")
    assert asked(estate, "erasure").due_at.date().isoformat()[:7] == "2026-12"
    forget = reverse("desk:forgotten", args=[estate.ids["patient_id"]])
    owner = at_desk(estate.house, "sofie")
    assert answer(estate, "erasure", answer="yes").redirect_chain[-1][0].endswith("/forget/")
    assert owner.post(forget, {"reason": "asked", "name": "Kari Mo"}).status_code == 422
    assert owner.post(forget, {"reason": "asked", "name": "kari  moe"}).status_code == 302
    assert (
        patient_card(estate.house.id, estate.ids["patient_id"]) is None
        or not names(estate.house.id, [estate.ids["patient_id"]])[estate.ids["patient_id"]].name
    )
    assert asked(estate, "erasure").answer == "accepted"
    assert [one for one in open_promises(estate.house.id) if one.patient_id == estate.ids["patient_id"]] == []


def test_a_copy_is_made_by_a_manager_and_is_noted(estate: Estate) -> None:
    where = reverse("desk:copy", args=[estate.ids["patient_id"]])
    assert at_desk(estate.house, "ingrid").get(where).status_code == 403
    response = at_desk(estate.house, "nina").get(where)
    assert response.headers["Content-Type"] == "application/zip"
    assert looks_at(estate.house.id, estate.ids["patient_id"])[0].page == "copy"


def test_looks_are_found_by_person_colleague_and_time(estate: Estate) -> None:
    person = reverse("desk:person", args=[estate.ids["patient_id"]])
    at_desk(estate.house, "ingrid").get(person)
    owner = at_desk(estate.house, "sofie")
    where = reverse("desk:all_looks")
    everything = owner.get(where).content.decode()
    assert "Ingrid Berg" in everything.split("<tbody>")[1]
    by_nina = owner.get(where, {"who": str(estate.house.colleagues["nina"])}).content.decode()
    assert "<tbody>" not in by_nina
    later = owner.get(where, {"since": "2027-01-01"}).content.decode()
    assert "<tbody>" not in later
    hers = owner.get(where, {"person": "kari moe", "who": str(estate.house.colleagues["ingrid"])}).content.decode()
    assert "Ingrid Berg" in hers.split("<tbody>")[1]


def _phones(estate: Estate) -> list[str]:
    card = patient_card(estate.house.id, estate.ids["patient_id"])
    assert card is not None
    return [one.address for one in card.reach.contacts if one.kind == "phone"]


def test_a_request_is_owed_within_a_month_and_a_correction_within_a_week() -> None:
    assert due("export", MORNING.replace(month=1, day=31)).strftime("%m-%d") == "02-28"
    assert due("erasure", MORNING.replace(month=12)).year == MORNING.year + 1
    assert due("correction", MORNING) - MORNING == timedelta(days=7)


def test_what_cannot_be_read_is_refused() -> None:
    today = MORNING.date()
    for field, given in [("phone", {"phone": "x"}), ("birth_date", {"birth_date": "31.2.1980"}), ("name", {})]:
        with pytest.raises(UnreadableCorrection):
            proposed(field, given, country="NO", today=today)
    assert proposed("birth_date", {"birth_date": "2.3.1955"}, country="NO", today=today) == {"birth_date": "1955-03-02"}
