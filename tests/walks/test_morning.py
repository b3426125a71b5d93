"""Ingrid's morning, with the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.walks.desk import Desk
from tests.walks.stage import Stage, sign_up

WORDS = "Emily, please ring us now on 22 12 34 56, or come straight in. Ingrid"


@pytest.fixture
def ingrid(desk: Desk) -> Desk:
    desk.given_signed_in("ingrid")
    desk.when_opening("/")
    return desk


def test_she_signs_in_and_answers_the_urgent_one_first(desk: Desk, stage: Stage) -> None:
    sign_up(stage, "ingrid")
    desk.when_opening("/")
    desk.when_signing_in(f"ingrid@{stage.house.practice.slug}.example")
    desk.then_reads("Good morning, Ingrid.", "visits today", "wait for an answer, next by 09:15")
    assert "Emily Clarke" in desk.page.evaluate("document.querySelector('[data-row]').innerText")
    desk.when_pressing("r")
    desk.then_writes_in("#composer-words")
    desk.then_reads("May be urgent. Read it, then ring.", "To Emily by text and their own page")
    desk.when_writing(WORDS)
    desk.when_pressing("Control+Enter")
    desk.then_is_at("open=")
    desk.then_reads("Sent.")
    desk.then_writes_in("#composer-words")
    desk.page.context.clear_cookies()
    desk.when_opening(stage.link("emily") + "messages/")
    desk.then_reads(WORDS)


def test_three_free_times_stand_in_the_answer_at_one_press(ingrid: Desk) -> None:
    ingrid.when_going_to_the_row_of("can I come later")
    ingrid.when_pressing("r")
    ingrid.then_writes_in("#composer-words")
    ingrid.when_writing("Hei Kari.")
    ingrid.page.click("text=3 free times")
    words = re.compile(r"^Hei Kari\. Disse timene er ledige: .+; .+; .+\. Hvilken passer\?$")
    expect(ingrid.page.locator("#composer-words")).to_have_value(words)
    ingrid.then_writes_in("#composer-words")


def test_she_rings_per_and_tells_what_came_of_it(ingrid: Desk) -> None:
    ingrid.when_going_to_the_row_of("Per Strand")
    ingrid.when_pressing("c")
    ingrid.then_is_at("open=")
    ingrid.then_reads("What matters to me", "We spoke")
    ingrid.when_pressing("1")
    ingrid.then_reads("Kept: Per Strand.")


def test_she_books_kari_with_seven_keys(ingrid: Desk) -> None:
    ingrid.when_pressing("b")
    ingrid.then_writes_in("main input[name=q]")
    ingrid.when_writing("kari")
    ingrid.when_pressing("Enter")
    ingrid.then_reads("When does Kari Moe come?")
    ingrid.when_pressing("Enter")
    ingrid.then_is_at("/visits/")
    ingrid.then_reads("Booked for")


def test_somebody_comes_is_shown_in_and_is_done(ingrid: Desk) -> None:
    ingrid.when_going_to_the_row_of("Jonas Vik")
    ingrid.when_pressing("a")
    ingrid.then_reads("Here.")
    ingrid.when_going_to_the_row_of("Jonas Vik")
    ingrid.when_pressing("e")
    ingrid.then_reads("Shown in.")
    ingrid.when_going_to_the_row_of("Jonas Vik")
    ingrid.when_pressing("e")
    ingrid.then_reads("Done.")


def test_she_moves_a_visit_and_takes_it_back(ingrid: Desk, stage: Stage) -> None:
    ingrid.when_opening(f"/visits/{stage.visits['mette']}/")
    before = ingrid.page.inner_text(".say")
    ingrid.when_pressing("m")
    ingrid.then_is_at("/move/")
    ingrid.when_pressing("3")
    ingrid.then_reads("told in 3 minutes")
    assert ingrid.page.inner_text(".say") != before
    ingrid.when_pressing("z")
    ingrid.then_reads("Back where it was.")
    assert ingrid.page.inner_text(".say") == before


def test_she_hands_a_question_over_and_takes_it_back(ingrid: Desk) -> None:
    ingrid.when_going_to_the_row_of("Sunniva Aasen")
    ingrid.when_pressing("h")
    ingrid.then_writes_in("input[name=to]")
    ingrid.when_writing("so")
    ingrid.then_writes_in("glede-hand input[name=note]")
    ingrid.when_writing("You know her lenses")
    ingrid.when_pressing("Enter")
    ingrid.then_reads("Handed over to Sofie Solberg.", "Ingrid: “You know her lenses”")
    ingrid.when_pressing("z")
    ingrid.then_reads("Handed back.")


def test_the_palette_finds_people_and_pages(ingrid: Desk) -> None:
    ingrid.when_pressing("Control+k")
    ingrid.when_writing("jona")
    ingrid.page.wait_for_selector("#palette-found [role=option] >> text=Jonas Vik")
    ingrid.when_pressing("Enter")
    ingrid.then_reads("Jonas Vik", "What matters to me")
    ingrid.when_pressing("g", "d")
    ingrid.then_is_at("/diary/")
    ingrid.when_pressing("g", "h")
    ingrid.then_reads("Nothing a patient was promised is ever lost.")


def test_one_key_shows_what_the_person_sees(ingrid: Desk, stage: Stage) -> None:
    for path in (
        f"/people/{stage.house.people['kari']}/",
        f"/visits/{stage.visits['kari']}/",
        f"/visits/{stage.visits['kari']}/move/",
        f"/book/?person={stage.house.people['kari']}",
    ):
        ingrid.when_opening(path)
        ingrid.page.evaluate("document.activeElement.blur()")
        ingrid.when_pressing("s")
        ingrid.then_is_at("/t/")


def test_a_note_with_a_day_comes_back(ingrid: Desk, stage: Stage) -> None:
    ingrid.when_opening(f"/people/{stage.house.people['mette']}/")
    ingrid.when_pressing("n")
    ingrid.then_writes_in("#note input[name=words]")
    ingrid.when_writing("Her daughter marries in May")
    ingrid.when_pressing("Enter")
    ingrid.then_reads("Kept.", "Her daughter marries in May")
