"""Every ending of "I have an appointment" as it is said aloud, in both languages, beside what was said before.

The sentences are those of the pages. ``transcript.en.txt`` and ``transcript.nb.txt`` hold them to be read by a person;
a sentence that changes is read again: run with GLEDE_TEST_TRANSCRIPT=1 to write them anew.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from glede.desk.middleware import SESSION_KEY
from glede.diary import operations as diary
from glede.diary.requests import Slot
from glede.diary.tests.stories import book, cancel, do, oslo
from glede.people import operations as people
from glede.staff.models import Role
from glede.staff.operations import NewColleague, add_colleague
from tests.cast import NORDLYS_PEOPLE, House, open_nordlys, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent
TUESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 26)
CAST = ("kari", "jonas", "tor", "mette", "sunniva", "berit", "ella", "emily", "per", "odd")
# What puts it on whoever stands there, or on nobody, in both languages.
BLAME = (
    "you missed", "you forgot", "you failed", "you should have", "you did not", "you didn't", "your fault",
    "your mistake", "no show", "no-show", "did not come", "too late", "you were late", "unfortunately",
    "du glemte", "du møtte ikke", "du kom ikke", "du burde", "du skulle ha", "din feil", "ikke møtt", "uteble",
    "for sent", "dessverre", "møtte ikke opp",
)  # fmt: skip
Story = Callable[[House], None]


def booked(house: House, who: str, clock: str, **more: Any) -> Any:
    """Book a visit as it was booked twelve days ago."""
    return book(replace(house, now=house.now - timedelta(days=12)), who, clock, **more)


def _today(house: House) -> None:
    booked(house, "kari", "14:00", day=TUESDAY)


def _came_later(house: House) -> None:
    visit = booked(house, "jonas", "09:00", day=TUESDAY)
    do(diary.miss_appointment, house, visit.pk, now=oslo("09:40", TUESDAY))


def _moved_by(by: str, reason: str, hour: int) -> Callable[[House, str], None]:
    def story(house: House, who: str) -> None:
        visit = booked(house, who, "11:00", day=TUESDAY, practitioner_id=None)
        diary.move_appointment(
            practice_id=house.id, appointment_id=visit.pk, to=Slot(day=THURSDAY, wall_time=time(hour)),
            by=house.by(who if by == "patient" else by), now=house.now, reason=reason,
        )  # fmt: skip

    return story


def _moved_by_us(house: House) -> None:
    _moved_by("ingrid", "practitioner_away", 10)(house, "tor")


def _moved_by_them(house: House) -> None:
    _moved_by("patient", "", 12)(house, "mette")


def _cancelled_by_us(house: House) -> None:
    cancel(house, booked(house, "sunniva", "12:00", day=TUESDAY, practitioner_id=None).pk, reason="practice_closed")


def _cancelled_by_them(house: House) -> None:
    cancel(house, booked(house, "emily", "13:00", day=TUESDAY, practitioner_id=None).pk, by="emily", reason="unwell")


def _at_home(house: House) -> None:
    given: dict[str, Any] = {"practice_id": house.id, "by": house.by("ingrid"), "now": house.now}
    people.join_household(patient_ids=[house.people["berit"], house.people["ella"]], **given)
    booked(house, "ella", "15:00", day=TUESDAY, practitioner_id=None)


def _elsewhere(house: House) -> None:
    booked(house, "per", "10:00", day=THURSDAY + timedelta(days=1), practitioner_id=None)


def _nothing(house: House) -> None:
    """Let nothing be written down for Odd."""


ENDINGS: tuple[tuple[str, str, Story], ...] = (
    ("found today", "kari", _today),
    ("today's, and it has gone by", "jonas", _came_later),
    ("moved by us", "tor", _moved_by_us),
    ("moved as they wished", "mette", _moved_by_them),
    ("cancelled by us", "sunniva", _cancelled_by_us),
    ("cancelled by them", "emily", _cancelled_by_them),
    ("somebody of their home", "berit", _at_home),
    ("another day", "per", _elsewhere),
    ("nothing written down", "odd", _nothing),
)


def said(client: Client, house: House, who: str) -> list[str]:
    """Return what the page gives to say, and in brackets what the colleague can do."""
    where = reverse("desk:counter_case", args=[house.people[who]])
    main = client.get(where).content.decode().partition("<main")[2].partition("</main>")[0]
    header, _, rest = main.partition('<header class="who-is')[2].partition("</header>")
    first = re.findall(r"<h1>(.*?)</h1>", header, re.DOTALL)
    to_do = re.findall(r'<p class="say">(.*?)</p>', header, re.DOTALL)
    told = re.findall(r"<li>(.*?)</li>", rest.partition('<ol class="plain">')[2].partition("</ol>")[0], re.DOTALL)
    return [*map(plain, [*first, *told]), *(f"({plain(words)})" for words in to_do)]


def plain(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


def transcript(house: House, language: str) -> Iterator[str]:
    """Yield the lines of the transcript of a language."""
    client = at_desk(house, "ingrid", language)
    session = client.session
    session[SESSION_KEY] = str(house.id)
    session.save()
    for name, who, _story in ENDINGS:
        yield f"# {name}"
        yield from said(client, house, who)
        yield ""
    yield "# a sister practice"
    yield from said(client, house, "kari_of_both")


@pytest.fixture
def house() -> House:
    house = open_solberg(*CAST, is_virtual=True)
    for _name, _who, story in ENDINGS:
        story(house)
    nordlys = open_nordlys("nils", is_virtual=True)
    booked(nordlys, "nils", "14:00", day=TUESDAY, by="leif", practitioner_id=None)
    add_colleague(
        practice_id=nordlys.id, by=nordlys.by("runa"), now=nordlys.now,
        new=NewColleague("ingrid@solberg-optikk.example", "Ingrid Berg", Role.RECEPTIONIST),
    )  # fmt: skip
    nils = people.add_patient(
        practice_id=house.id, person=NORDLYS_PEOPLE["nils"], by=house.by("ingrid"), now=house.now,
    )  # fmt: skip
    house.people["kari_of_both"] = nils.pk
    return house


def test_every_sentence_is_one_that_was_read_and_found_good(house: House) -> None:
    for language in ("en-gb", "nb"):
        lines = list(transcript(house, language))
        file = HERE / f"transcript.{language[:2]}.txt"
        if os.environ.get("GLEDE_TEST_TRANSCRIPT"):
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        assert "\n".join(lines) + "\n" == file.read_text("utf-8")
        assert [line for line in lines for words in BLAME if line[:1] != "#" and words in line.casefold()] == []


def test_a_blaming_sentence_would_be_noticed() -> None:
    assert any(words in "I am afraid you forgot it." for words in BLAME)


def test_the_excerpt_in_the_docs_is_what_is_said() -> None:
    docs = (Path(__file__).parents[4] / "docs" / "desk.md").read_text("utf-8")
    quoted = [line.removeprefix("> ").strip() for line in docs.splitlines() if line.startswith("> ")]
    whole = "".join((HERE / f"transcript.{language}.txt").read_text("utf-8") for language in ("en", "nb"))
    assert quoted
    assert [line for line in quoted if line not in whole] == []
