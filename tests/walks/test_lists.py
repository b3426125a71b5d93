"""Sofie brings her list over: by the keyboard, and once without JavaScript."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from glede.lists.operations import bring_list, take_back_list
from glede.lists.queries import lists_going_back, lists_page
from tests.walks.desk import Desk
from tests.walks.stage import Stage

ROWS = """Kundenr;Navn;Født;Telefon;E-post;Reservert
W-1;Ulla Ness;12.03.1960;912 34 777;ulla@example.no;Nei
W-2;Arne Dahl;31.02.1970;40001277;;Kanskje
;;;;;
"""


@pytest.fixture
def kunder(tmp_path: Path) -> Path:
    path = tmp_path / "kunder.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


@pytest.fixture
def sofie(desk: Desk) -> Desk:
    desk.given_signed_in("sofie")
    return desk


def the_worker_brings(stage: Stage) -> None:
    house = stage.house
    lines = [line for line in lists_page(house.id) if line.name == "kunder.csv"]  # the newest of that name
    bring_list(practice_id=house.id, list_id=lines[0].id, by=house.by("sofie"), now=stage.now())


def the_worker_takes_back(stage: Stage) -> None:
    for list_id, _ in lists_going_back(stage.house.id):
        given: dict[str, Any] = {"practice_id": stage.house.id, "by": stage.house.by("sofie")}
        take_back_list(list_id=list_id, now=stage.now(), **given)


def when_choosing(desk: Desk, path: Path) -> None:
    desk.page.on("filechooser", lambda _: None)  # asked for ahead: the browser minds choosers only after a while
    desk.page.wait_for_load_state("networkidle")
    desk.page.focus("input[type=file]")
    desk.then_writes_in("input[type=file]")
    with desk.page.expect_file_chooser() as chooser:
        desk.when_pressing("Enter")
    chooser.value.set_files(path)
    desk.page.focus("form.drop button")
    desk.when_pressing("Enter")


def test_a_list_comes_in_and_goes_by_the_keyboard(sofie: Desk, stage: Stage, kunder: Path) -> None:
    sofie.when_opening("/settings/")
    sofie.page.get_by_role("link", name="Bring your list over").focus()
    sofie.when_pressing("Enter")
    sofie.then_is_at("/lists/")
    when_choosing(sofie, kunder)
    sofie.then_reads("3 rows in kunder.csv", "Nothing is saved yet", "One question", "Kanskje")
    sofie.then_reads_no("Bring in")
    sofie.then_nothing_stands_in_the_way()
    sofie.page.get_by_label("It means yes").focus()
    sofie.when_pressing("Space", "Tab", "Enter")
    sofie.then_reads("Bring in 2 people", "would be added", "cannot be taken", "Birth date: cannot be read")
    sofie.then_nothing_stands_in_the_way()
    sofie.page.focus("button.go")
    sofie.when_pressing("Enter")
    sofie.then_reads("0 of 3 rows")
    sofie.then_nothing_stands_in_the_way()
    the_worker_brings(stage)
    sofie.then_reads("It is in.", "added", "Correct, and drop again")  # the page goes on by itself
    sofie.then_nothing_stands_in_the_way()
    sofie.page.get_by_role("button", name="Take it back").focus()
    sofie.when_pressing("Enter")
    sofie.then_reads("It is being taken back.")
    the_worker_takes_back(stage)
    sofie.then_reads("This list was taken back.", "2 people are gone.")


def test_without_javascript(browser: Browser, stage: Stage, kunder: Path) -> None:
    # Another column makes it the file of another system, of which nothing is remembered.
    kunder.write_text(ROWS.replace("Reservert", "Reservert;Kode"), encoding="utf-8")
    for page in plain_page(browser, stage):
        page.goto(f"{stage.address}/lists/")
        page.set_input_files("input[type=file]", kunder)
        page.click("form.drop button")
        page.get_by_label("It means no").check()
        page.get_by_role("button", name="Answer").click()
        page.get_by_role("button", name="Bring in 2 people").click()
        expect(page.locator("main")).to_contain_text("It is coming in")
        the_worker_brings(stage)
        page.reload()
        expect(page.locator("main")).to_contain_text("It is in.")
        with page.expect_download() as download:
            page.get_by_role("link", name="The rows that were not taken, as a file").click()
        assert download.value.suggested_filename == "kunder-rejects.csv"
        page.get_by_role("button", name="Take it back").click()
        expect(page.locator("main")).to_contain_text("It is being taken back.")
        the_worker_takes_back(stage)
        page.reload()
        expect(page.locator("main")).to_contain_text("This list was taken back.")


def plain_page(browser: Browser, stage: Stage) -> Iterator[Page]:
    """Yield a page of Sofie's in a browser that runs no script."""
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([stage.session("sofie")])  # type: ignore[list-item]
    yield context.new_page()
    context.close()
