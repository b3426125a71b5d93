"""Messages, preferences, news, what is held, and how it went: by the link."""

from typing import Any

import pytest

from glede.feedback.queries import responses_about
from glede.inbox.operations import reply
from glede.inbox.queries import conversation_of
from glede.people.queries import preference_of, reach
from glede.portal.tests.guests import Visitor, visitor
from glede.promises.queries import open_promises
from tests.cast import MORNING, House, open_solberg

pytestmark = pytest.mark.django_db
WISH: dict[str, Any] = {
    "first": "sms", "second": "call", "hours": "morning", "days": ["0", "2"], "style": "short", "language": "en",
    "preparation": "on",
}  # fmt: skip


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "emily", now=MORNING, is_virtual=True)


@pytest.fixture
def emily(house: House) -> Visitor:
    return visitor(house, "emily")


def words(guest: Visitor, page: str) -> str:
    return guest.get(page).content.decode()


def test_a_message_is_taken_once_and_says_who_answers_by_when(emily: Visitor) -> None:
    answer = emily.press("messages/", words="Can I bring my dog?", times=5)
    assert answer.headers["Location"].endswith("messages/?done=sent")
    page = words(emily, "messages/?done=sent")
    assert "Ingrid answers before 9:30am today." in page
    assert page.count("Can I bring my dog?") == 1
    assert len(conversation_of(emily.house.id, emily.house.people["emily"]).pieces) == 1


def test_the_answer_stands_on_the_page(emily: Visitor) -> None:
    emily.press("messages/", words="Can I bring my dog?")
    talk = conversation_of(emily.house.id, emily.house.people["emily"])
    assert talk.conversation_id is not None
    reply(
        practice_id=emily.house.id, conversation_id=talk.conversation_id, words="Of course you can.", answers_to=1,
        by=emily.house.by("ingrid"), now=emily.house.now,
    )  # fmt: skip
    page = words(emily, "messages/")
    assert "Of course you can." in page
    assert "answers before" not in page


def test_the_safety_line_stands_beside_the_form_for_everyone(emily: Visitor) -> None:
    page = words(emily, "messages/")
    assert "Sudden loss of sight" in page
    assert "116117" in page
    assert "113" in page


def test_urgent_words_bring_the_line_to_the_top_and_the_person_to_the_front(emily: Visitor) -> None:
    emily.press("messages/", words="A grey curtain came down over my eye, with flashes")
    assert "Please do not wait for our answer." in words(emily, "messages/")
    assert open_promises(emily.house.id)[0].urgency <= 1


def test_ticking_the_box_is_believed(emily: Visitor) -> None:
    emily.press("messages/", words="It is odd", symptom="on")
    assert "Please do not wait for our answer." in words(emily, "messages/")


def test_an_empty_message_keeps_the_page_and_says_what_to_do(emily: Visitor) -> None:
    answer = emily.press("messages/", words=" ")
    assert answer.status_code == 422
    assert "Write your message first" in answer.content.decode()


def test_a_stale_mark_loses_no_word(emily: Visitor) -> None:
    answer = emily.client.post(emily.path("messages/"), {"nonce": "old", "words": "A long story"})
    assert answer.status_code == 200
    assert "A long story</textarea>" in answer.content.decode()
    assert not conversation_of(emily.house.id, emily.house.people["emily"]).pieces


def test_words_are_shown_as_words(emily: Visitor) -> None:
    emily.press("messages/", words="<script>alert(1)</script>")
    assert "<script>alert(1)" not in words(emily, "messages/")


def test_preferences_are_kept_in_order(emily: Visitor) -> None:
    emily.press("preferences/", times=5, **WISH)
    wish = preference_of(emily.house.id, emily.house.people["emily"])
    assert (wish.channels, wish.days, wish.preparation_by_text) == (("sms", "call"), (0, 2), True)
    assert wish.hours_from is not None
    assert wish.hours_from.hour == 8
    assert "Saved. We do it this way from now on." in words(emily, "preferences/?done=saved")


def test_the_language_chosen_is_the_language_spoken(emily: Visitor) -> None:
    emily.press("preferences/", **(WISH | {"language": "nb"}))
    assert "Slik når vi deg" in words(emily, "preferences/")


def test_preferences_without_a_channel_ask_again(emily: Visitor) -> None:
    answer = emily.press("preferences/", **{k: v for k, v in WISH.items() if k != "first"})
    assert answer.status_code == 422
    assert "Choose how we should reach you" in answer.content.decode()


@pytest.mark.parametrize(("pause", "quiet"), [("14", False), ("90", False), ("quiet", True), ("none", False)])
def test_a_rest_is_kept(emily: Visitor, pause: str, quiet: bool) -> None:
    emily.press("preferences/", "preferences/quiet/", pause=pause, times=5)
    wish = preference_of(emily.house.id, emily.house.people["emily"])
    assert wish.quiet_all is quiet
    assert (wish.pause_until is not None) == (pause in {"14", "90"})


def test_news_stop_with_one_press(emily: Visitor) -> None:
    emily.press("preferences/", "preferences/news/", times=5)
    refused = reach(emily.house.id, [emily.house.people["emily"]])[emily.house.people["emily"]].opted_out
    assert ("*", "marketing") in refused
    assert "You get no news or offers from us." in words(emily, "preferences/")


def test_addresses_are_hidden_but_for_their_ends(emily: Visitor) -> None:
    for page in (words(emily, "preferences/"), words(emily, "held/")):
        assert "emily.clarke" not in page
        assert "e…@example.org" in page
        assert "… 110" in page
        assert "Clarke" not in page


def test_feedback_is_kept_as_given_and_asked_once(emily: Visitor) -> None:
    emily.press("feedback/", score="4", words="Amal had time for me.", times=5)
    (told,) = responses_about(emily.house.id, emily.appointment_id)
    assert (told.score, told.words, told.is_unhappy) == (4, "Amal had time for me.", False)
    page = words(emily, "feedback/")
    assert "Thank you, Emily" in page
    assert "Amal had time for me." in page
    assert not [o for o in open_promises(emily.house.id) if o.kind == "recover"]


def test_the_review_link_is_the_same_whatever_was_answered(house: House) -> None:
    seen = set()
    for score in ("5", "1", ""):
        guest = visitor(house, "emily", at=None)
        before = words(guest, "feedback/").count("https://reviews.example/solberg")
        guest.press("feedback/", score=score, words="It was as it was")
        seen.add((before, words(guest, "feedback/").count("https://reviews.example/solberg")))
    assert seen == {(1, 1)}


def test_the_review_link_comes_before_the_question(emily: Visitor) -> None:
    page = words(emily, "feedback/")
    assert page.index("https://reviews.example/solberg") < page.index("1. How was your visit?")


def test_an_unhappy_answer_becomes_a_promise_to_ring(emily: Visitor) -> None:
    emily.press("feedback/", score="2", words="", times=5)
    (owed,) = (o for o in open_promises(emily.house.id) if o.kind == "recover")
    assert owed.patient_id == emily.house.people["emily"]


def test_saying_nothing_asks_again(emily: Visitor) -> None:
    answer = emily.press("feedback/", words="")
    assert answer.status_code == 422
    assert "Choose one of the five, or write some words" in answer.content.decode()
