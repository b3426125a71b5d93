"""A new user: the code from the terminal, a look around, the clock, another seat, and all of it again."""

import re
from datetime import timedelta
from threading import Thread

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Page, expect

from glede.demonstration import operations as demonstration
from glede.demonstration import people, story, tasks
from glede.staff import first_code
from tests.walks.desk import faults


@pytest.fixture
def short_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """Live four weeks with twelve people instead of a year with forty: the same story, in seconds."""
    monkeypatch.setattr(story, "YEAR", timedelta(days=28))
    monkeypatch.setattr(demonstration, "LIFE", timedelta(days=29))
    known = people.PEOPLE
    needed = {"Amir Khan", "Sarah Whitfield", "Bjørn Åsen", "Gudrun Sæther", "Gro Tveit"}
    monkeypatch.setattr(demonstration, "PEOPLE", known[:9] + tuple(p for p in known[9:] if p.name in needed))
    monkeypatch.setattr(story, "MORE_PAST", 0)


def the_worker_does() -> Thread:
    """Do what was enqueued, as `glede worker` does beside the web server."""

    def work() -> None:
        tasks.make(instead_of="")
        connections.close_all()

    thread = Thread(target=work)
    thread.start()
    return thread


def test_looking_around(page: Page, nobody: str, short_life: None) -> None:
    page.set_default_timeout(90_000)
    page.goto(nobody)
    expect(page.locator("h1")).to_have_text("Welcome to Glede")
    assert faults(page) == []
    page.fill("input[name=code]", "WRONG-ONE")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("This is not the code that the terminal shows now.")
    page.fill("input[name=code]", first_code.issue(settings.GLEDE_HOME))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Two ways in")
    assert faults(page) == []
    page.click("form[action*=look-around] button")
    expect(page.locator("h1")).to_have_text("One moment")
    assert faults(page) == []
    working = the_worker_does()
    page.wait_for_url(re.compile(r":\d+/$"))
    working.join()
    expect(page.locator("h1")).to_contain_text("Good morning, Sofie.")
    assert page.locator("[data-row]").count() >= 5

    page.click("button[value=next]")
    expect(page.locator("#messages")).to_contain_text("It is Tue")
    page.goto(f"{nobody}/diary/")
    page.click("button[value=hour]")
    expect(page.locator("#messages")).to_contain_text("It is Tue")
    assert "/diary/" in page.url
    page.click("button[value=day]")
    expect(page.locator(".clock")).to_contain_text("09:12")

    page.click(".seats > summary")
    assert faults(page) == []
    page.get_by_role("button", name="Ingrid").click()
    expect(page.locator("h1")).to_contain_text("Ingrid")
    page.click(".seats > summary")
    page.get_by_role("button", name="Begin again").click()
    expect(page.locator("h1")).to_have_text("One moment")


def test_starting_a_practice(page: Page, nobody: str) -> None:
    page.goto(nobody)
    page.fill("input[name=code]", first_code.issue(settings.GLEDE_HOME))
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Start my practice").click()
    page.click("main button")
    expect(page).to_have_title(re.compile("^Error:"))
    assert faults(page) == []
    for field, words in (("name", "Fjord Optikk"), ("phone", "55 12 34 56"), ("owner_name", "Siri Fjord")):
        page.fill(f"input[name={field}]", words)
    page.fill("input[name=email]", "siri@fjord.example")
    page.fill("input[name=password]", "a long enough sentence")
    page.click("main button")
    expect(page.locator("h1")).to_contain_text("Siri.")
    expect(page.locator("body")).to_contain_text("Øving.")
    assert faults(page) == []
