"""What is asked before a visit, the needs of those who read, hear or speak otherwise, and numbers of somebody else."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glede.kernel.ref import Ref
from glede.people.models import Asked, Need
from glede.people.operations import (
    Answer,
    ContactEnded,
    NoSuchNeed,
    answer_question,
    detach_address,
    detach_contact,
    end_need,
    note_format,
    note_need,
    review_formats,
)
from glede.people.queries import answered_before, before_visit, patient_card, reach
from glede.people.rules.asking import BY_CODE, MOST, QUESTIONS, after, before, to_ask
from glede.people.rules.formats import CLOSES, closed_by, is_review_due
from glede.practices import scope
from glede.promises.queries import open_about
from tests.cast import House, open_solberg

CODES = st.sets(st.sampled_from(sorted(BY_CODE)))


@pytest.fixture
def house(db: None) -> House:
    return open_solberg("kari", "jonas")


@pytest.fixture
def visit() -> UUID:
    return uuid4()


def say(house: House, visit: UUID, question: str, words: str = "", codes: tuple[str, ...] = ()) -> Asked:
    return answer_question(
        practice_id=house.id, patient_id=house.people["jonas"], visit_id=visit, answer=Answer(question, words, codes),
        by=house.by("jonas"), now=house.now,
    )  # fmt: skip


def asked(house: House, visit: UUID) -> list[str]:
    return [q.code for q in before_visit(house.id, house.people["jonas"], visit).questions]


@given(known=CODES, gone_past=CODES)
@settings(max_examples=60, deadline=None)
def test_at_most_six_are_asked_and_none_that_is_known(known: set[str], gone_past: set[str]) -> None:
    codes = [question.code for question in to_ask(known, gone_past)]
    assert len(codes) <= MOST
    assert not (set(codes) & known) - gone_past
    for code in codes:
        # Going past one keeps every other where it was: back and forward find the same pages.
        assert [q.code for q in to_ask(known | {code}, gone_past | {code})][: len(codes)] == codes
        following = after(to_ask(known, gone_past), code)
        assert following is None or before(to_ask(known, gone_past), following.code) == BY_CODE[code]


def test_an_answer_is_the_persons_own_words_on_the_card_with_its_day_and_source(house: House, visit: UUID) -> None:
    say(house, visit, "want", "Lese for barnebarnet")
    card = patient_card(house.id, house.people["jonas"])
    assert card is not None
    line = card.words["want"][0]
    assert (line.words, line.by, line.asked_on) == ("Lese for barnebarnet", "patient", house.now.date())
    assert "want" in asked(house, visit), "going back finds it"
    assert "want" not in asked(house, uuid4()), "the next visit does not ask what we know"


def test_said_again_nothing_changes_and_said_anew_it_follows(house: House, visit: UUID) -> None:
    first = say(house, visit, "want", "Se ballen")
    again = say(house, visit, "want", "  Se ballen ")
    assert again.need_id == first.need_id
    with scope.transaction(house.id):
        assert Need.objects.filter(noted_by_role="patient").count() == 1
    say(house, visit, "want", "Kjøre i mørket")
    with scope.transaction(house.id):
        standing = Need.objects.filter(noted_by_role="patient", ended_at=None)
        assert list(standing.values_list("words", flat=True)) == ["Kjøre i mørket"]
    say(house, visit, "want", "")
    with scope.transaction(house.id):
        assert not Need.objects.filter(noted_by_role="patient", ended_at=None).exists()


def test_who_goes_past_is_not_asked_twice_on_one_round(house: House, visit: UUID) -> None:
    say(house, visit, "concern")
    told = before_visit(house.id, house.people["jonas"], visit)
    assert told.next is not None
    assert told.next.code == QUESTIONS[1].code
    assert answered_before(house.id, visit) == 1


def test_a_colleagues_word_is_not_ended_by_an_unticked_box(house: House, visit: UUID) -> None:
    note_format(practice_id=house.id, patient_id=house.people["jonas"], code="lip_reads", by=house.by("ingrid"),
                now=house.now)  # fmt: skip
    say(house, visit, "format", "stor skrift", ("large_print",))
    say(house, visit, "format", "", ("no_phone",))
    codes = reach(house.id, [house.people["jonas"]])[house.people["jonas"]].formats
    assert codes == {"lip_reads", "no_phone"}


@pytest.mark.parametrize("code", sorted(CLOSES))
def test_what_a_person_cannot_use_is_no_way_to_reach_them(house: House, code: str) -> None:
    jonas = house.people["jonas"]
    usual = set(reach(house.id, [jonas])[jonas].channels)
    need = note_format(practice_id=house.id, patient_id=jonas, code=code, by=house.by("ingrid"), now=house.now)
    assert set(reach(house.id, [jonas])[jonas].channels) == usual - closed_by([code])
    end_need(practice_id=house.id, need_id=need.pk, by=house.by("ingrid"), now=house.now)
    assert set(reach(house.id, [jonas])[jonas].channels) == usual


def test_a_need_is_gone_over_after_a_year(house: House) -> None:
    jonas, today = house.people["jonas"], house.now.date()
    with pytest.raises(NoSuchNeed):
        review_formats(practice_id=house.id, patient_id=jonas, by=house.by("ingrid"), now=house.now)
    note_format(practice_id=house.id, patient_id=jonas, code="braille", by=house.by("ingrid"), now=house.now)
    assert not is_review_due(today, today, None, today + timedelta(days=364))
    assert is_review_due(today, today, None, today + timedelta(days=365))
    later = house.now + timedelta(days=400)
    assert review_formats(practice_id=house.id, patient_id=jonas, by=house.by("ingrid"), now=later) == 1
    card = patient_card(house.id, jonas)
    assert card is not None
    assert card.words["format"][0].reviewed_on == later.date()


def test_a_number_of_somebody_else_is_used_no_more_and_a_colleague_asks(house: House) -> None:
    jonas = house.people["jonas"]
    phone = next(c for c in reach(house.id, [jonas])[jonas].contacts if c.kind == "phone")
    given: dict[str, Any] = {"practice_id": house.id, "by": house.by("jonas"), "now": house.now}
    assert detach_address(patient_id=jonas, address=phone.address, **given) == 1
    assert [c.kind for c in reach(house.id, [jonas])[jonas].contacts] == ["email"]
    assert [owed.detail["reason"] for owed in open_about(house.id, Ref("patient", jonas))] == ["wrong_number"]
    with pytest.raises(ContactEnded):
        detach_contact(contact_id=phone.id, **given)
    assert detach_address(patient_id=jonas, address=phone.address, **given) == 0
    assert len(open_about(house.id, Ref("patient", jonas))) == 1


def test_what_is_known_otherwise_is_not_asked(house: House, visit: UUID) -> None:
    note_need(practice_id=house.id, patient_id=house.people["jonas"], kind="need", words="Redd for dråper",
              by=house.by("amal"), now=house.now)  # fmt: skip
    assert "concern" not in asked(house, visit)
    assert "relationship" not in asked(house, visit), "he wishes it short and factual"
