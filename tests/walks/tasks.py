"""The tasks of the desk, with what each may cost. docs/desk.md tells them; a count that grows is a step back."""

from collections.abc import Callable

from tests.walks.counted import Counted, Task
from tests.walks.desk import Desk

ROW = "[data-row]:has-text('{}')"


def on_today(desk: Desk) -> None:
    """Stand on Today."""
    desk.when_opening("/")
    desk.page.wait_for_selector("[data-row]")


def with_person(name: str) -> Callable[[Desk], None]:
    """Stand on the page of a person."""
    return lambda desk: desk.when_opening(f"/people/{desk.stage.house.people[name]}/")


def reads(*words: str) -> Callable[[Desk], None]:
    """Say that the words stand on the page."""
    return lambda desk: desk.then_reads(*words)


def find(by: Counted) -> None:
    """Write four letters and take who is found."""
    by.letters("jona")
    by.page.wait_for_selector("#palette-found [role=option] >> text=Jonas Vik")


def _find_by_keys(by: Counted) -> None:
    by.press("Control+k")
    find(by)
    by.press("Enter")


def _find_by_clicks(by: Counted) -> None:
    by.click("a[data-palette]")
    find(by)
    by.click("#palette-found [role=option] >> nth=0")


def _book(by: Counted) -> None:
    by.press("b")
    by.desk.then_writes_in("main input[name=q]")
    by.letters("kari")
    by.press("Enter")
    by.desk.then_reads("When does Kari Moe come?")
    by.press("Enter")


def _book_by_clicks(by: Counted) -> None:
    by.click("main .tail a:has-text('Book')")
    by.desk.then_writes_in("main input[name=q]")
    by.letters("kari")
    by.click("main form:has(input[name=q]) button")
    by.click("main .slots button >> nth=0")


def _stranger(by: Counted) -> None:
    by.press("b")
    by.desk.then_writes_in("main input[name=q]")
    by.write("Turid Foss")
    by.press("Tab")
    by.write("400 00 881")
    by.press("Enter")


def _stranger_by_clicks(by: Counted) -> None:
    by.click("main .tail a:has-text('Book')")
    by.desk.then_writes_in("main input[name=q]")
    by.write("Nils Foss")
    by.click("main input[name=phone] >> nth=0")
    by.write("400 00 882")
    by.click("main form:has(input[name=q]) label:has(input[name=slot]) >> nth=1")
    by.click("main form:has(input[name=q]) button")


def _call(by: Counted) -> None:
    by.press("c")
    by.desk.then_reads("We spoke")
    by.press("1")


def _answer(by: Counted) -> None:
    by.press("r")
    by.desk.then_writes_in("#composer-words")
    by.write("Yes, you can.")
    by.press("Control+Enter")


def _answer_by_clicks(by: Counted) -> None:
    by.click(f"{ROW.format('can I come later')} .verb >> nth=0")
    by.desk.then_writes_in("#composer-words")
    by.write("Come at ten.")
    by.click("#card glede-composer button:has-text('Send')")


def _hand(by: Counted) -> None:
    by.press("h")
    by.desk.then_writes_in("input[name=to]")
    by.letters("so")
    by.press("Enter")


def _hand_by_clicks(by: Counted) -> None:
    by.click(f"{ROW.format('flashes of light')} .more-verbs summary")
    by.click(f"{ROW.format('flashes of light')} .menu a:has-text('Hand over')")
    by.click("#card button:has-text('Amal')")


def _note(by: Counted) -> None:
    by.press("n")
    by.desk.then_writes_in("#note input[name=words]")
    by.write("Her daughter marries, wedding in May")
    by.press("Enter")


def _note_by_clicks(by: Counted) -> None:
    by.click("main .acts a:has-text('Note')")
    by.desk.then_writes_in("#note input[name=words]")
    by.write("Ask how she likes them in 2 weeks")
    by.click("#note button")


def _walk_in(by: Counted) -> None:
    by.press("d")
    by.desk.then_writes_in("main input[name=q]")
    by.write("Berit Lund")
    by.press("Enter")
    by.desk.then_reads("Whom do they wait for?")
    by.press("Enter")


def _walk_in_by_clicks(by: Counted) -> None:
    by.click("main .tail a:has-text('Walk-in')")
    by.desk.then_writes_in("main input[name=q]")
    by.write("Emily Clarke")
    by.click("main form:has(input[name=q]) button")
    by.click("main .slots button >> nth=0")


def _keys(*keys: str) -> Callable[[Counted], None]:
    return lambda by: by.press(*keys)


def _clicks(*selectors: str) -> Callable[[Counted], None]:
    def click(by: Counted) -> None:
        for selector in selectors:
            by.click(selector)

    return click


TASKS = (
    Task("find", on_today, _find_by_keys, _find_by_clicks, reads("Jonas Vik", "What matters to me"), 6, 6),
    Task("book a known person", on_today, _book, _book_by_clicks, reads("Booked for"), 7, 7),
    Task("book a stranger", on_today, _stranger, _stranger_by_clicks, reads("Booked for"), 3, 4),
    Task("arrived", on_today, _keys("a"), _clicks(f"{ROW.format('Mette Dahl')} .verb >> nth=0"),
         reads("Here."), 1, 1, row="Jonas Vik"),
    Task("what came of a call", on_today, _call,
         _clicks(f"{ROW.format('Tor Lind')} .verb >> nth=0", "#card button:has-text('We spoke')"),
         reads("Kept:"), 2, 2, row="Per Strand"),
    Task("answer, and the next", on_today, _answer, _answer_by_clicks, reads("Sent."), 2, 2, row="Can I swim"),
    Task("hand over", on_today, _hand, _hand_by_clicks, reads("Handed over"), 4, 3, row="flashes of light"),
    Task("put another way first", with_person("mette"), _keys("v", "3"),
         _clicks("main details.ways summary", "main details.ways button >> nth=2"),
         reads("Kept. Nobody is messaged for it."), 2, 2),
    Task("a note with a day", with_person("mette"), _note, _note_by_clicks, reads("it comes back to you on"), 2, 2),
    Task("why they get it", with_person("kari"), _keys("w"), _clicks("main section.next summary >> nth=0"),
         reads("It goes"), 1, 1),
    Task("somebody walks in", on_today, _walk_in, _walk_in_by_clicks, reads("is here."), 3, 3),
)  # fmt: skip
