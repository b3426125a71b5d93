"""The list before going live: what is ticked stands for what was there, and nothing leaves before all is done."""

from email import message_from_bytes, policy
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from glede.catalogue.operations import change_service
from glede.catalogue.rules import ServiceForm
from glede.desk.golive import ticks, trials
from glede.journeys.document import default
from glede.ledger import queries as ledger
from glede.people.queries import count_without_origin
from glede.practices import operations as practices
from glede.practices.queries import practice_by_id, public_base
from glede.staff.queries import user_of
from tests.cast import House, open_solberg
from tests.mailbox import Mailbox, mailbox
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
LIVE = "/settings/live/"


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas")


@pytest.fixture
def owner(house: House) -> Client:
    return at_desk(house, "sofie")


def met(house: House) -> set[str]:
    return {line.code for line in ticks.lines(practice_by_id(house.id)) if line.is_met}


def code_in(kept: Mailbox) -> str:
    subject = message_from_bytes(kept.mails[-1].content, policy=policy.default)["Subject"]
    return str(subject)[:6]


def test_eight_lines_of_which_some_are_met_by_what_is_there(house: House) -> None:
    assert len(ticks.lines(house.practice)) == 8
    assert met(house) == {"diary", "prices"}


def test_what_was_ticked_is_open_again_when_it_changes(house: House, owner: Client) -> None:
    owner.post(f"{LIVE}tick/", {"code": "hours"})
    owner.post(f"{LIVE}tick/", {"code": "safety"})
    assert {"hours", "safety"} <= met(house)
    given: dict[str, Any] = {"practice_id": house.id, "by": house.by("sofie"), "now": house.now}
    practices.set_opening_hours(spans=practices.USUAL_WEEK[:4], **given)
    practices.change_settings(changes={"red_flag_line": {"nb": "Ring oss."}}, **given)
    assert not {"hours", "safety"} & met(house)


def test_a_tick_holds_in_every_language(house: House, owner: Client) -> None:
    owner.post(f"{LIVE}tick/", {"code": "hours"})
    for language in ("en", "nb"):
        with translation.override(language):
            assert "hours" in met(house)


def test_a_tick_can_be_taken_back(house: House, owner: Client) -> None:
    for is_there in (True, False, True):
        owner.post(f"{LIVE}tick/", {"code": "sheet"})
        assert ("sheet" in met(house)) is is_there
    assert owner.post(f"{LIVE}tick/", {"code": "diary"}).status_code == 404


def test_a_service_without_a_price_is_seen(house: House) -> None:
    given: dict[str, Any] = {"practice_id": house.id, "by": house.by("sofie"), "now": house.now}
    for code, service_id in list(house.services.items()):
        form = ServiceForm(code, {"en": code, "nb": code}, 30, 0, None)
        change_service(service_id=service_id, service=form, **given)
    assert "prices" not in met(house)


@pytest.mark.parametrize("what", ["sender", "reply"])
def test_a_code_that_was_read_in_the_mail_is_the_proof(house: House, owner: Client, settings: Any, what: str) -> None:
    with mailbox() as kept:
        settings.GLEDE_SMTP_URL = kept.url
        owner.post(f"{LIVE}trial/", {"code": what})
        (mail,) = kept.mails
        to = user_of(house.id, house.colleagues["sofie"]).email if what == "sender" else house.practice.email
        assert mail.rcpt_tos == [to]
        assert b"From: Solberg Optikk <hei@solberg.example>" in mail.content
        owner.post(f"{LIVE}trial/", {"code": what, "typed": "not it"})
        assert what not in met(house)
        owner.post(f"{LIVE}trial/", {"code": what, "typed": f" {code_in(kept)} "})
    assert what in met(house)
    kinds = [event.kind for event in ledger.events(house.id, after_seq=0)]
    assert kinds.count("outbox.trial.sent") == 1


def test_five_wrong_codes_are_enough(house: House, owner: Client, settings: Any) -> None:
    with mailbox() as kept:
        settings.GLEDE_SMTP_URL = kept.url
        owner.post(f"{LIVE}trial/", {"code": "sender"})
    right = code_in(kept)
    for n in range(trials.TRIES):
        owner.post(f"{LIVE}trial/", {"code": "sender", "typed": f"{(int(right) + n + 1) % 10**6:06d}"})
    owner.post(f"{LIVE}trial/", {"code": "sender", "typed": right})
    assert "sender" not in met(house)


def test_a_mail_server_that_refuses_is_quoted(house: House, owner: Client, settings: Any) -> None:
    settings.GLEDE_SMTP_URL = "smtp://127.0.0.1:1/?timeout=1"
    page = owner.post(f"{LIVE}trial/", {"code": "sender"}, follow=True).content.decode()
    assert "The mail did not leave" in page


def test_without_a_mail_server_no_trial_is_tried(house: House, owner: Client, settings: Any) -> None:
    settings.GLEDE_SMTP_URL = ""
    page = owner.post(f"{LIVE}trial/", {"code": "sender"}, follow=True).content.decode()
    assert "First put right" in page


def test_where_the_addresses_are_from_is_noted_for_each(house: House, owner: Client) -> None:
    assert count_without_origin(house.id) > 0
    assert "Choose the answer" in owner.post(f"{LIVE}origin/", {}, follow=True).content.decode()
    owner.post(f"{LIVE}origin/", {"origin": "asked"})
    assert count_without_origin(house.id) == 0
    assert "origin" in met(house)


def do_it_all(owner: Client, kept: Mailbox) -> None:
    for code in ticks.PRESSED:
        owner.post(f"{LIVE}tick/", {"code": code})
    owner.post(f"{LIVE}origin/", {"origin": "form"})
    for what in ticks.TRIALS:
        owner.post(f"{LIVE}trial/", {"code": what})
        owner.post(f"{LIVE}trial/", {"code": what, "typed": code_in(kept)})


def test_it_goes_live_when_all_eight_are_met_and_not_before(house: House, owner: Client, settings: Any) -> None:
    with mailbox() as kept:
        settings.GLEDE_SMTP_URL = kept.url
        assert "The list is not done yet" in owner.post(LIVE, {"to": "live"}, follow=True).content.decode()
        assert not practice_by_id(house.id).is_live
        do_it_all(owner, kept)
        owner.post(LIVE, {"to": "live"})
        assert practice_by_id(house.id).is_live
        assert "Back to rehearsal" in owner.get(LIVE).content.decode()
        owner.post(LIVE, {"to": "rehearsal"})
        assert not practice_by_id(house.id).is_live


def test_only_the_owner_may(house: House) -> None:
    client = at_desk(house, "ingrid")
    assert client.get(LIVE).status_code == 403
    for part in ("tick", "trial", "origin", "steps", "address"):
        assert client.post(f"{LIVE}{part}/", {"code": "hours"}).status_code == 403


def test_a_made_up_practice_stays_in_rehearsal(db: None) -> None:
    house = open_solberg("kari", is_virtual=True)
    owner = at_desk(house, "sofie")
    assert "stays in rehearsal for good" in owner.get(LIVE).content.decode()
    owner.post(LIVE, {"to": "live"})
    owner.post(f"{LIVE}trial/", {"code": "sender"})
    assert not practice_by_id(house.id).is_live


def test_steps_are_switched_off_and_on(house: House, owner: Client) -> None:
    walked = [row.row for row in default().rows if row.is_on]
    owner.post(f"{LIVE}steps/", {"on": ["6"]})
    assert practice_by_id(house.id).paused_rows == sorted(set(walked) - {"6"})
    assert "Happy birthday" not in owner.get(LIVE).content.decode()  # off in the journey: no second switch here
    owner.post(f"{LIVE}steps/", {"on": walked})
    assert practice_by_id(house.id).paused_rows == []


def test_the_day_is_printed_with_names_and_numbers(house: House, owner: Client) -> None:
    from glede.diary.operations import book_appointment
    from glede.diary.queries import free_times
    from glede.diary.requests import Booking

    service = house.services["eye-test"]
    offer = free_times(house.id, service, from_=house.now.date(), days=4, now=house.now, limit=200)[-1]
    asked = Booking(
        patient_id=house.people["kari"], service_id=service, practitioner_id=offer.practitioner_id, day=offer.day,
        wall_time=offer.wall_time,
    )  # fmt: skip
    book_appointment(practice_id=house.id, request=asked, by=house.by("ingrid"), now=house.now)
    page = at_desk(house, "ingrid").get(f"/diary/sheet/?day={offer.day}").content.decode()
    assert "Kari Moe" in page
    assert f"{offer.wall_time:%H:%M}" in page
    assert "Nobody is booked" in owner.get("/diary/sheet/?day=2027-05-01").content.decode()


def test_an_address_is_checked_by_asking_it(house: House, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answers(base: str) -> bool:
        asked.append(base)
        return base == "https://here.example"

    monkeypatch.setattr("glede.desk.address.leads_here", answers)
    about = {"name": "Solberg Optikk", "phone": "22 12 34 56", "email": "hei@solberg.example"}
    page = owner.post("/settings/about/", {**about, "public_url": "https://elsewhere.example"}, follow=True)
    assert "does not lead here" in page.content.decode()
    assert public_base(practice_by_id(house.id)) == ""
    owner.post("/settings/about/", {**about, "public_url": "https://here.example/"})
    assert public_base(practice_by_id(house.id)) == "https://here.example"
    assert "leads here" in owner.post(f"{LIVE}address/", follow=True).content.decode()
    assert asked == ["https://elsewhere.example", "https://here.example", "https://here.example"]
