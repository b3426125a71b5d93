"""One person in two records: what they wish, ask for and say is not theirs holds for both, also once parted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from glede.kernel import failpoints
from glede.kernel.actor import patient
from glede.kernel.ref import Ref
from glede.people import operations as people
from glede.people.operations import Wanted, answer_right, ask_for_right
from glede.people.operations.rights import subject_of
from glede.people.queries import patient_card, preference_of, reach
from glede.people.queries.rights import requests_of
from glede.people.values import ContactForm, Wishes
from glede.promises.queries import open_about
from tests.cast import KARI, House

pytestmark = pytest.mark.django_db
THEIRS = "400 00 333"


class Two:
    """Kari, and Kari written down once more; an hour goes by with each act."""

    def __init__(self, house: House) -> None:
        self.house, self.kari, self.now = house, house.people["kari"], house.now
        again = replace(KARI, family_name="Mo", external_id="", emails=())
        self.again = people.add_patient(practice_id=house.id, person=again, by=house.by("ingrid"), now=house.now).pk

    def given(self, by: UUID | None = None) -> dict[str, Any]:
        self.now += timedelta(hours=1)
        who = patient(by) if by else self.house.by("ingrid")
        return {"practice_id": self.house.id, "by": who, "now": self.now}

    def join(self) -> None:
        people.merge_patients(keep_id=self.kari, merge_id=self.again, **self.given())

    def part(self) -> None:
        people.unmerge_patient(patient_id=self.again, **self.given())

    def wish(self, whose: UUID, **wishes: Any) -> None:
        people.set_preference(patient_id=whose, wishes=Wishes(**wishes), **self.given(whose))

    def ask(self, whose: UUID, kind: str, field: str = "", **told: str) -> UUID:
        return ask_for_right(patient_id=whose, wanted=Wanted(kind, field, told), **self.given(whose)).pk

    def asked(self, whose: UUID) -> set[UUID]:
        return {one.id for one in requests_of(self.house.id, [whose])}

    def phones(self, whose: UUID) -> list[str]:
        return [c.address for c in reach(self.house.id, [whose])[whose].contacts if c.kind == "phone"]


@pytest.fixture
def two(solberg: House) -> Iterator[Two]:
    yield Two(solberg)
    failpoints.remove_guards()


def test_what_was_asked_by_either_link_is_seen_by_both_and_goes_with_whom_it_came_from(two: Two) -> None:
    own, hers = two.ask(two.kari, "looks"), two.ask(two.again, "export")
    assert (two.asked(two.kari), two.asked(two.again)) == ({own}, {hers})
    two.join()
    assert two.asked(two.kari) == two.asked(two.again) == {own, hers}
    assert two.ask(two.kari, "export") == hers, "owed already, whichever link it is asked by"
    later = two.ask(two.again, "correction", "phone", phone=THEIRS)
    (owed,) = open_about(two.house.id, subject_of(later))
    assert owed.patient_id == two.again
    two.part()
    assert (two.asked(two.kari), two.asked(two.again)) == ({own}, {hers, later})
    answer_right(request_id=later, accepts=True, **two.given())
    assert (two.phones(two.kari), two.phones(two.again)) == (["+4740000101"], ["+4740000333"])
    assert open_about(two.house.id, subject_of(later)) == []


def test_a_correction_answered_while_they_are_one_ends_the_number_wherever_it_stands(two: Two) -> None:
    person = replace(KARI, given_name="Karin", external_id="", emails=(), phones=("400 00 444",))
    two.again = people.add_patient(person=person, **two.given()).pk
    two.join()
    for contact in reach(two.house.id, [two.kari])[two.kari].contacts:
        if contact.address == "+4740000101":
            people.end_contact(contact_id=contact.id, reason="changed", **two.given())
    assert two.phones(two.kari) == ["+4740000444"], "hers stands with the other record alone"
    asked = two.ask(two.kari, "correction", "phone", phone=THEIRS)
    (shown,) = [one for one in requests_of(two.house.id, [two.kari]) if one.id == asked]
    assert shown.was == {"phone": "400 00 444"}
    answer_right(request_id=asked, accepts=True, **two.given())
    assert two.phones(two.kari) == two.phones(two.again) == ["+4740000333"]


@pytest.mark.parametrize("way", ["by the link", "by a reply"])
def test_a_number_that_is_not_theirs_is_used_no_more_by_either_record(two: Two, way: str) -> None:
    two.join()
    (phone,) = [c for c in reach(two.house.id, [two.again])[two.again].contacts if c.kind == "phone"]
    if way == "by the link":
        people.detach_contact(contact_id=phone.id, **two.given(two.again))
    else:
        people.detach_address(patient_id=two.kari, address=phone.address, **two.given(two.kari))
    assert two.phones(two.kari) == two.phones(two.again) == [], "it stood on both"
    owed = [one for one in open_about(two.house.id, Ref("patient", two.kari)) if one.kind == "undelivered"]
    assert [one.patient_id for one in owed] == [two.kari], "a colleague asks once"
    two.part()
    assert two.phones(two.kari) == two.phones(two.again) == []


def test_what_was_wished_last_by_either_link_decides_and_a_rest_holds_for_both_once_parted(two: Two) -> None:
    two.wish(two.again, quiet_all=True)
    two.join()
    assert reach(two.house.id, [two.kari])[two.kari].quiet_all
    two.wish(two.kari, quiet_all=False)
    for whose in (two.kari, two.again):
        assert not reach(two.house.id, [whose])[whose].quiet_all, "the last word decides, by whichever link"
        assert not preference_of(two.house.id, whose).quiet_all, "and the page shows it"
    two.wish(two.again, pause_until=two.now.date() + timedelta(days=30))
    two.part()
    rests = [reach(two.house.id, [whose])[whose].pause_until for whose in (two.kari, two.again)]
    assert rests[0] == rests[1] == two.now.date() + timedelta(days=30)
    two.join()
    failpoints.remove_guards("rests")  # the control: the one who asked for silence is written to
    two.wish(two.again, quiet_all=True)
    two.part()
    assert not reach(two.house.id, [two.again])[two.again].quiet_all


def test_what_each_wished_before_is_theirs_again_once_parted(two: Two) -> None:
    two.wish(two.kari, style="short", channels=("call",))
    two.wish(two.again, channels=("sms",))
    two.join()
    two.part()
    assert preference_of(two.house.id, two.kari).channels == ("call",)
    assert preference_of(two.house.id, two.again).channels == ("sms",)


def test_a_wish_for_a_child_is_the_guardians_who_gets_the_messages(two: Two) -> None:
    berit = people.add_patient(person=replace(KARI, given_name="Berit", external_id=""), **two.given()).pk
    ella = people.add_patient(person=replace(KARI, given_name="Ella", external_id=""), **two.given()).pk
    people.set_guardian(patient_id=ella, guardian_id=berit, **two.given())
    two.wish(ella, channels=("call",), language="en")
    told = reach(two.house.id, [ella])[ella]
    assert (told.channels, told.language) == (("call",), "en"), "the very next send knows it"
    card = patient_card(two.house.id, ella)
    assert card is not None
    assert card.wishes.channels == preference_of(two.house.id, berit).channels == ("call",)
    for contact in told.contacts:
        people.end_contact(contact_id=contact.id, reason="changed", **two.given())
    people.add_contact(patient_id=ella, contact=ContactForm("phone", THEIRS), **two.given())
    two.wish(ella, channels=("sms",))
    assert reach(two.house.id, [ella])[ella].channels == ("sms",), "who cannot be reached decides nothing"
