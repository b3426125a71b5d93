"""The journey by keyboard alone: a step is changed in its sentence and taken back, and a wrong file is mended."""

from playwright.sync_api import expect

from glede.journeys.document import default_raw, write_yaml
from glede.journeys.queries import journey_raw
from tests.walks.desk import Desk
from tests.walks.stage import Stage

AT_RING = """(() => { const e = document.activeElement, at = e.value.indexOf("act: ring") + 5;
  e.setSelectionRange(at, at + 4); })()"""


def counted(desk: Desk) -> None:
    """See that the list has counted whom each step reaches."""
    expect(desk.page.locator("#row-6")).to_contain_text("in the next 30 days")


def test_a_step_is_changed_in_its_sentence_and_one_key_takes_it_back(desk: Desk, stage: Stage) -> None:
    desk.given_signed_in("sofie")
    desk.when_opening("/journeys/")
    counted(desk)
    desk.then_nothing_stands_in_the_way()
    desk.when_choosing("Change\n: The day before")
    desk.then_is_at("/journeys/rows/6/")
    desk.when_tabbing_to("Days before the visit")
    desk.when_pressing("ArrowDown")
    desk.when_tabbing_to("At")
    desk.when_writing("16:00")
    desk.then_reads("As you wrote it, not kept yet", "2 days before a visit at 16:00")
    expect(desk.page.locator("[name=at]")).to_be_focused()
    desk.then_nothing_stands_in_the_way()
    assert journey_raw(stage.house.id)[1] == 0
    desk.when_choosing("Save")
    desk.then_is_at("/journeys/#row-6")
    desk.then_reads("Kept as version 1.", "2 days before a visit at 16:00")
    desk.when_pressing("z")
    desk.then_reads("Back as it comes with Glede, kept as version 2.", "1 day before a visit at 15:00")
    desk.when_choosing("Older versions")
    desk.then_is_at("/journeys/history/")
    desk.then_reads("Before: 1 day before a visit at 15:00", "Now: 2 days before a visit at 16:00")
    desk.then_nothing_stands_in_the_way()
    desk.when_choosing("Have this back\n: 1")
    desk.then_reads("Version 1 is back, kept as version 3.")
    counted(desk)


def test_who_is_rung_is_asked_only_where_a_colleague_rings_and_what_cannot_work_says_why(desk: Desk) -> None:
    desk.given_signed_in("sofie")
    desk.given_a_look("1.dark.nb.on")
    desk.when_opening("/journeys/rows/6/")
    kinds = desk.page.locator(".ringing")
    expect(kinds).to_be_hidden()
    desk.when_tabbing_to("Hva som skjer")
    desk.when_pressing("ArrowDown")
    expect(kinds).to_be_visible()
    desk.then_reads("Dette kan ikke lagres ennå:")
    with desk.page.expect_navigation():
        desk.when_choosing("Lagre")
    expect(desk.page.locator(".errors[role=alert]")).to_be_focused()
    desk.then_nothing_stands_in_the_way()
    desk.when_tabbing_to("kommer for første gang")
    desk.when_pressing("Space")
    desk.when_choosing("Se hvem som ville fått det")
    desk.then_reads("en kollega ringer den som kommer for første gang; alle andre får en melding")


def test_a_wrong_file_is_told_line_by_line_and_mended_on_the_page(desk: Desk, stage: Stage) -> None:
    text = write_yaml(default_raw())
    desk.given_signed_in("sofie")
    desk.when_opening("/journeys/bring/")
    broken = text.replace("act: call", "act: ring", 1).encode()
    file = {"name": "journey.yaml", "mimeType": "text/yaml", "buffer": broken}
    desk.page.set_input_files("[name=file]", file)  # type: ignore[arg-type]
    with desk.page.expect_navigation():
        desk.when_choosing("Keep it")
    desk.then_reads("Line 352 Step 5, A word before the visit › act", "Choose one of these: message, call.")
    desk.then_nothing_stands_in_the_way()
    before = journey_raw(stage.house.id)[1]
    desk.when_tabbing_to("What stands in it")
    desk.page.evaluate(AT_RING)
    desk.when_writing("call")
    desk.when_choosing("Keep it")
    desk.then_reads(f"Kept as version {before + 1}.")
    counted(desk)
    assert journey_raw(stage.house.id)[0] == default_raw()
