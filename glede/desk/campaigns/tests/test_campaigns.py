"""News to many on its pages: written, shown before anything is planned, begun by the owner alone, stopped."""

from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from glede.kernel.actor import SYSTEM
from glede.outbox import operations as outbox
from glede.outbox import transports
from glede.outbox.models import Campaign
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import NOON, Scripted, messages
from glede.people import operations as people
from glede.people.models import Patient
from glede.people.values import ConsentForm
from glede.practices import scope
from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
PAGE = "/outbox/campaigns/"
FORM = {
    "name": "Lens evening", "purpose": "offer", "whom": "agreed", "subject_en": "An evening at {practice}",
    "text_en": "Dear {first_name}, come and see us on Thursday.",
}  # fmt: skip


@pytest.fixture
def email(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """E-mail that does as told."""
    scripted = Scripted()
    monkeypatch.setattr(transports, "_transports", {"email": scripted})
    return scripted


@pytest.fixture
def house(email: Scripted) -> House:
    """A house on a clock moved by hand, of whose people two said yes to news by e-mail."""
    house = open_solberg("mette", "emily", "tor", is_virtual=True, now=NOON)
    for name in ("mette", "emily"):
        yes = ConsentForm("grant", "marketing", "email")
        people.record_consent(
            practice_id=house.id, patient_id=house.people[name], consent=yes, by=house.by("sofie"), now=NOON
        )
    return house


@pytest.fixture
def sofie(house: House) -> Client:
    return at_desk(house, "sofie")


def words_of(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


def made(house: House) -> Campaign:
    with scope.transaction(house.id):
        return Campaign.objects.get()


def keep(client: Client, **changes: str) -> str:
    return words_of(client.post(f"{PAGE}new/", {**FORM, **changes}, follow=True))


def unfolded(house: House, campaign_id: UUID) -> None:
    outbox.unfold_campaign(practice_id=house.id, campaign_id=campaign_id, by=SYSTEM, now=NOON)


def test_it_is_kept_shown_begun_and_told(house: House, sofie: Client) -> None:
    shown = keep(sofie)
    assert "Lens evening: 2 of 2 would get it." in shown
    assert "Dear Kari, come and see us on Thursday." in shown
    assert not messages(house)
    own = made(house)
    begun = words_of(sofie.post(f"{PAGE}{own.pk}/begin/", {}, follow=True))
    assert "It begins." in begun
    unfolded(house, own.pk)
    send_due(house.id, now=NOON)
    assert "Over; it went" in words_of(sofie.get(f"{PAGE}{own.pk}/"))
    assert "Over; it went" in words_of(sofie.get(PAGE))


def test_whom_it_leaves_out_is_told_with_the_reason_and_a_name(house: House, sofie: Client) -> None:
    with scope.transaction(house.id):
        for name, number in (("mette", "7"), ("tor", "9")):
            Patient.objects.filter(pk=house.people[name]).update(external_id=number)
    shown = keep(sofie, whom="numbers", numbers="7, 9\n11")
    assert "Lens evening: 1 of 2 would get it." in shown
    assert "Tor Lind" in shown
    assert "1 number is nobody’s here." in shown


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "What you call it"),
        ({"text_en": "", "subject_en": ""}, "Write it in Norwegian, in English, or in both"),
        ({"text_en": "Your {price}"}, "There is no place {price}"),
        ({"subject_en": ""}, "Write a subject line"),
        ({"text_en": "Notwithstanding aforementioned circumstances, consultations necessitate preparation."}, "hard"),
        ({"whom": "list"}, "Choose a list"),
        ({"whom": "numbers"}, "Write their numbers"),
        ({"whom": "numbers", "numbers": "77"}, "Nobody we know is on the list"),
    ],
)
def test_what_cannot_be_kept_says_what_to_write(
    house: House, sofie: Client, changes: dict[str, str], words: str
) -> None:
    response = sofie.post(f"{PAGE}new/", {**FORM, **changes})
    assert response.status_code == 422
    assert words in words_of(response)
    with scope.transaction(house.id):
        assert not Campaign.objects.exists()


def test_words_are_tried_without_being_kept(house: House, sofie: Client) -> None:
    shown = sofie.post(f"{PAGE}new/", {**FORM, "try": "1"})
    assert "Dear Kari" in words_of(shown)
    assert "'unsafe-hashes' 'sha256-" in shown["Content-Security-Policy"]
    with scope.transaction(house.id):
        assert not Campaign.objects.exists()


def test_what_has_not_left_is_taken_back(house: House, sofie: Client) -> None:
    keep(sofie)
    own = made(house)
    later = {"day": "2026-12-24", "hour": "10:00"}
    assert "Begins" in words_of(sofie.post(f"{PAGE}{own.pk}/begin/", later, follow=True))
    unfolded(house, own.pk)
    shown = words_of(sofie.post(f"{PAGE}{own.pk}/stop/", {}, follow=True))
    assert "Taken back: nothing of it has left." in shown
    again = words_of(sofie.post(f"{PAGE}{own.pk}/begin/", {}, follow=True))
    assert "It has begun already, or was stopped." in again
    assert "Dear {first_name}, come" in words_of(sofie.get(f"{PAGE}new/?like={own.pk}"))


def test_half_an_hour_is_no_hour(house: House, sofie: Client) -> None:
    keep(sofie)
    own = made(house)
    response = sofie.post(f"{PAGE}{own.pk}/begin/", {"day": "2026-12-24"})
    assert response.status_code == 422
    assert made(house).started_at is None


def test_a_manager_sees_none_of_it(house: House, sofie: Client) -> None:
    keep(sofie)
    own, nina = made(house), at_desk(house, "nina")
    assert nina.get(PAGE).status_code == 403
    assert nina.post(f"{PAGE}{own.pk}/begin/", {}).status_code == 403
    assert "News to many" not in words_of(nina.get("/outbox/"))
    assert made(house).started_at is None
