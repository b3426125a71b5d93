"""The outbox, what may be sent, and the words of messages, by an owner with keys alone."""

import pytest

from tests.walks.desk import Desk

pytestmark = pytest.mark.walk
CHOSEN = "document.activeElement.value"


@pytest.fixture
def sofie(desk: Desk) -> Desk:
    desk.given_signed_in("sofie")
    return desk


def test_a_message_is_held_let_go_hurried_and_stopped_and_then_all_of_them(sofie: Desk) -> None:
    sofie.when_opening("/outbox/")
    sofie.when_choosing("Would go")
    sofie.then_is_at("?fate=")
    sofie.when_choosing("Why: Sunniva Aasen, 15:00")
    sofie.then_reads("A visit is coming.", "Hold it")
    for press, told in (
        ("Hold it", "Held."),
        ("Let it go at its hour", "It goes at its hour again."),
        ("Send now", "It goes now, if it may."),
        ("Stop this message", "Stopped for good."),
    ):
        sofie.when_choosing(press)
        sofie.then_reads(told)
    sofie.when_opening("/outbox/day/2026-11-25/")
    sofie.when_choosing("Why")
    sofie.then_shows("text=I ring instead")
    sofie.when_choosing("I ring instead")
    sofie.then_reads("Became a call")
    sofie.when_opening("/outbox/")
    sofie.when_choosing("Stop all")
    sofie.then_reads("Everything is stopped.")
    sofie.then_nothing_stands_in_the_way()
    sofie.when_choosing("Let it go on")
    sofie.then_reads("Rehearsal: nothing is sent until you say so.")


def test_less_is_sent_than_the_law_allows(sofie: Desk) -> None:
    sofie.when_opening("/settings/policy/")
    sofie.when_tabbing_to("A request for a public review")
    before = sofie.page.evaluate(CHOSEN)
    sofie.when_pressing("End")
    assert sofie.page.evaluate(CHOSEN) != before
    sofie.when_choosing("Save")
    sofie.then_reads("Kept. It holds from the next message on.")
    sofie.then_nothing_stands_in_the_way()


def test_a_message_says_the_practices_own_words(sofie: Desk) -> None:
    sofie.when_opening("/settings/wording/6.visit.sms.en/")
    sofie.when_tabbing_to("Short and factual")
    sofie.when_pressing("Control+a")
    sofie.when_writing("{name}, we see you {when_at} at {practice}: {link}")
    sofie.when_choosing("Try them")
    sofie.then_reads("Kari, we see you")
    sofie.when_choosing("Keep these words")
    sofie.then_reads("Kept. What has not left yet says this now.", "1 message is in your own words.")
    sofie.when_opening("/settings/wording/6.visit.sms.en/")
    sofie.when_choosing("Back to ours")
    sofie.then_reads("0 messages are in your own words.")
    sofie.then_nothing_stands_in_the_way()
