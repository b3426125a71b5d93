"""The tasks of the desk, with what each may cost. docs/desk.md tells them; a count that grows is a step back.

A way of doing a task is a row of steps, each a word and what it is about: ``press`` a key, spell ``letters`` that are
looked for, ``write`` words, ``click``; and between them see where the cursor stands (``in``) and what the page
``reads`` or ``shows``. Only the first, the second and the last of these cost anything.
"""

from collections.abc import Callable

from tests.walks.counted import Counted, Task
from tests.walks.desk import Desk
from tests.walks.stage import with_us

ROW = "[data-row]:has-text('{}')"
ASKED, COMPOSER, WHOM, NOTE = "main input[name=q]", "#composer-words", "input[name=to]", "#note input[name=words]"
GO = "main form:has(input[name=q]) button"
FIRST_TIME = "main .slots button >> nth=0"
JONAS = (("letters", "jona"), ("shows", "#palette-found [role=option] >> text=Jonas Vik"))

Step = tuple[str, str]
STEPS: dict[str, Callable[[Counted, str], None]] = {
    "press": lambda by, key: by.press(key),
    "letters": lambda by, letters: by.letters(letters),
    "write": lambda by, words: by.write(words),
    "click": lambda by, selector: by.click(selector),
    "in": lambda by, selector: by.desk.then_writes_in(selector),
    "reads": lambda by, words: by.desk.then_reads(words),
    "shows": lambda by, selector: by.desk.then_shows(selector),
}


def done_by(*steps: Step) -> Callable[[Counted], None]:
    """Return a way of doing a task: its steps, one after the other."""

    def do(by: Counted) -> None:
        for step, what in steps:
            STEPS[step](by, what)

    return do


def on_today(desk: Desk) -> None:
    """Stand on Today."""
    desk.when_opening("/")
    desk.then_shows("[data-row]")


def with_person(name: str) -> Callable[[Desk], None]:
    """Stand on the page of a person."""
    return lambda desk: desk.when_opening(f"/people/{desk.stage.house.people[name]}/")


def reads(*words: str) -> Callable[[Desk], None]:
    """Say that the words stand on the page."""
    return lambda desk: desk.then_reads(*words)


def shows(selector: str) -> Callable[[Desk], None]:
    """Say that something is seen on the page: what is folded away is not."""
    return lambda desk: desk.then_shows(selector)


def verb_of(words: str) -> str:
    """Return where the first verb of a row stands."""
    return f"{ROW.format(words)} .verb >> nth=0"


TASKS = (
    Task("find", on_today,
         done_by(("press", "Control+k"), *JONAS, ("press", "Enter")),
         done_by(("click", "a[data-palette]"), *JONAS, ("click", "#palette-found [role=option] >> nth=0")),
         reads("Jonas Vik", "What matters to me"), 6, 6),
    Task("book a known person", on_today,
         done_by(("press", "b"), ("in", ASKED), ("letters", "kari"), ("press", "Enter"),
                 ("reads", "When does Kari Moe come?"), ("press", "Enter")),
         done_by(("click", "main .tail a:has-text('Book')"), ("in", ASKED), ("letters", "kari"), ("click", GO),
                 ("click", FIRST_TIME)),
         reads("Booked for"), 7, 7),
    Task("book a stranger", on_today,
         done_by(("press", "b"), ("in", ASKED), ("write", "Turid Foss"), ("press", "Tab"), ("write", "400 00 881"),
                 ("press", "Enter")),
         done_by(("click", "main .tail a:has-text('Book')"), ("in", ASKED), ("write", "Nils Foss"),
                 ("click", "main input[name=phone] >> nth=0"), ("write", "400 00 882"),
                 ("click", "main form:has(input[name=q]) label:has(input[name=slot]) >> nth=1"), ("click", GO)),
         reads("Booked for"), 3, 4),
    Task("arrived", on_today, done_by(("press", "a")), done_by(("click", verb_of("Mette Dahl"))),
         reads("Here."), 1, 1, row="Jonas Vik"),
    Task("what came of a call", on_today,
         done_by(("press", "c"), ("reads", "We spoke"), ("press", "1")),
         done_by(("click", verb_of("Tor Lind")), ("click", "#card button:has-text('We spoke')")),
         reads("Kept:"), 2, 2, row="Per Strand"),
    Task("answer, and the next", on_today,
         done_by(("press", "r"), ("in", COMPOSER), ("write", "Yes, you can."), ("press", "Control+Enter")),
         done_by(("click", verb_of("can I come later")), ("in", COMPOSER), ("write", "Come at ten."),
                 ("click", "#card glede-composer button:has-text('Send')")),
         reads("Sent."), 2, 2, row="Can I swim"),
    Task("hand over", on_today,
         done_by(("press", "h"), ("in", WHOM), ("letters", "so"), ("press", "Enter")),
         done_by(("click", f"{ROW.format('flashes of light')} .more-verbs summary"),
                 ("click", f"{ROW.format('flashes of light')} .menu a:has-text('Hand over')"),
                 ("click", "#card button:has-text('Amal')")),
         reads("Handed over"), 4, 3, row="flashes of light"),
    Task("put another way first", with_person("mette"),
         done_by(("press", "v"), ("press", "3")),
         done_by(("click", "main details.ways summary"), ("click", "main details.ways button >> nth=2")),
         reads("Kept. Nobody is messaged for it."), 2, 2),
    Task("a note with a day", with_person("mette"),
         done_by(("press", "n"), ("in", NOTE), ("write", "Her daughter marries, wedding in May"), ("press", "Enter")),
         done_by(("click", "main .acts a:has-text('Note')"), ("in", NOTE),
                 ("write", "Ask how she likes them in 2 weeks"), ("click", "#note button")),
         reads("it comes back to you on"), 2, 2),
    Task("why they get it", with_person("kari"), done_by(("press", "w")),
         done_by(("click", "main section.next summary >> nth=0")),
         shows("main section.next details[open] >> text=It goes"), 1, 1),
    Task("somebody walks in", on_today,
         done_by(("press", "d"), ("in", ASKED), ("write", "Berit Lund"), ("press", "Enter"),
                 ("reads", "Whom do they wait for?"), ("press", "Enter")),
         done_by(("click", "main .tail a:has-text('Walk-in')"), ("in", ASKED), ("write", "Emily Clarke"),
                 ("click", GO), ("click", FIRST_TIME)),
         reads("is here."), 3, 3),
)  # fmt: skip


def at_the_end_of(name: str) -> Callable[[Desk], None]:
    """Stand on Today while somebody is with a clinician; they came a moment ago."""

    def begin(desk: Desk) -> None:
        with_us(desk.stage, name)
        on_today(desk)

    return begin


FOLLOW, HAND, MATTERS = "input[name=follow_up]", "input[name=to]", "input[name=what_matters]"
CLINICIAN = (
    Task("done", at_the_end_of("sunniva"), done_by(("press", "e")), done_by(("click", verb_of("is with us"))),
         shows("h1:has-text('Close Sunniva')"), 1, 1, row="is with us"),
    Task("close the visit", at_the_end_of("sunniva"),
         done_by(("press", "e"), ("shows", "h1:has-text('Close Sunniva')"), ("press", "4"), ("press", "d"),
                 ("press", "f"), ("in", FOLLOW), ("write", "Ring in 2 weeks"), ("press", "Tab"), ("in", HAND),
                 ("letters", "ma"), ("press", "Tab"), ("write", "Drives at night"), ("press", "Enter")),
         done_by(("click", verb_of("is with us")), ("click", "label:has-text('36 months')"),
                 ("click", "label:has-text('Drops in the eyes')"), ("click", FOLLOW), ("write", "Ring in 2 weeks"),
                 ("click", HAND), ("letters", "ma"), ("click", MATTERS), ("write", "Drives at night"),
                 ("click", "main button:has-text('Close the visit')")),
         reads("Closed.", "Messages wait until", "Handed over to Marius Nes."), 9, 9, row="is with us"),
)  # fmt: skip
"""What only somebody who sees patients does: the closing is the next visit, drops, a follow-up and a hand-over."""
