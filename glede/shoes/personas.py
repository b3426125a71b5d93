"""The people one can be: who they are, how they wish to be reached, and how they are apt to act. All made up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

Style = Literal["short", "friendly", "call"]


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody is apt to act. Chances are of 1; ``score`` is their answer after a visit, None for silence.

    ``books_at`` is when on the first day they find us, ``books_by`` whether on their own or by ringing the desk.
    ``buys``: they come again for what they ordered, and once more later in the year.
    """

    books_at: time = time(10, 20)
    books_by: Literal["link", "desk"] = "link"
    lead_days: int = 12
    confirms: float = 0.8
    moves: float = 0.25
    forgets: float = 0.0
    asks: Mapping[str, str] = field(default_factory=dict)
    score: int | None = 5
    praise: Mapping[str, str] = field(default_factory=dict)
    complaint: Mapping[str, str] = field(default_factory=dict)
    picks_up: float = 0.9
    buys: bool = True


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody who does not exist. ``known_as`` is the word by which a command asks for them."""

    known_as: str
    given_name: str
    family_name: str
    birth_date: date | None
    language: str
    style: Style | None
    channels: tuple[str, ...]
    needs: tuple[tuple[str, Mapping[str, str]], ...] = ()
    hours: tuple[time, time] | None = None
    has_phone: bool = True
    has_mail: bool = True
    habits: Habits = Habits()

    @property
    def phone(self) -> str:
        """A number of the range that is kept free for stories, as somebody here would write it."""
        return "+47 400 00 999" if self.has_phone else ""

    @property
    def email(self) -> str:
        """An address nobody can have."""
        return f"{self.known_as}@shoes.example" if self.has_mail else ""


def _kari() -> Persona:
    habits = Habits(
        books_at=time(10, 20), books_by="desk", lead_days=12, confirms=0.9, moves=0.2,
        praise={"nb": "Ingen hadde det travelt. Det var godt.", "en": "Nobody was in a hurry. That felt good."},
    )  # fmt: skip
    needs = (
        ("need", {"nb": "Jeg vil lese for barnebarnet.", "en": "I want to read to my grandson."}),
        ("do_not", {"nb": "ring før kl. 10", "en": "call before 10:00"}),
    )
    return Persona(
        "kari", "Kari", "Moe", date(1955, 3, 14), "nb", "call", ("call",), needs, hours=(time(10), time(18)),
        habits=habits,
    )  # fmt: skip


def _jonas() -> Persona:
    habits = Habits(
        books_at=time(23, 50), lead_days=9, confirms=0.6, moves=0.3,
        asks={
            "nb": "Er det greit at jeg bare ser og ikke kjøper noe?",
            "en": "Is it ok that I only look and buy nothing?",
        },
        score=4,
    )  # fmt: skip
    needs = (("need", {"nb": "Skjerm hele dagen, og hodepine.", "en": "Screens all day, and headaches."}),)
    return Persona("jonas", "Jonas", "Vik", date(1992, 8, 2), "nb", "short", ("sms", "email"), needs, habits=habits)


def _mette() -> Persona:
    habits = Habits(
        lead_days=16, buys=False,
        praise={
            "nb": "Jeg kjøpte ingenting, og dere var like hyggelige.",
            "en": "I bought nothing, and you were just as kind.",
        },
    )  # fmt: skip
    return Persona("mette", "Mette", "Dahl", date(1988, 11, 5), "nb", "friendly", ("sms", "email"), habits=habits)


def _tor() -> Persona:
    habits = Habits(
        books_by="desk", lead_days=7, confirms=0.4, score=2, picks_up=0.8,
        complaint={"nb": "Brillene sklir ned hele tiden, og ingen ringte tilbake.",
                   "en": "The glasses slide down all the time, and nobody rang back."},
    )  # fmt: skip
    return Persona(
        "tor", "Tor", "Lind", date(1961, 1, 20), "nb", "friendly", ("sms", "call"), has_mail=False, habits=habits
    )


def _per() -> Persona:
    habits = Habits(books_by="desk", lead_days=20, confirms=0.3, moves=0.1, forgets=0.15, score=None)
    needs = (
        ("format", {"nb": "Stor skrift. Leser ikke e-post.", "en": "Large print. Reads no e-mail."}),
        ("anxious", {"nb": "Redd for å miste synet som er igjen", "en": "Afraid of losing the sight that is left"}),
    )
    return Persona(
        "per", "Per", "Strand", date(1950, 7, 7), "nb", "call", ("call", "sms"), needs, has_mail=False, habits=habits
    )


def _emily() -> Persona:
    habits = Habits(
        lead_days=10, moves=0.5, asks={"nb": "Er det parkering i nærheten?", "en": "Is there parking nearby?"},
        praise={"nb": "Tydelig, vennlig og presis.", "en": "Clear, kind and on time."},
    )  # fmt: skip
    return Persona("emily", "Emily", "Clarke", date(1990, 4, 12), "en", "friendly", ("email", "sms"), habits=habits)


PERSONAS: dict[str, Persona] = {one.known_as: one for one in (_kari(), _jonas(), _mette(), _tor(), _per(), _emily())}

UNHAPPY = {"nb": "Jeg er ikke fornøyd med besøket.", "en": "I am not happy with my visit."}
"""What somebody writes who complains and has no words of their own for it."""

REPLY = {"nb": "Ja, det er helt i orden. Bare si fra om du lurer på mer.", "en": "Yes, of course. Ask us anything."}
"""What the desk writes back."""

MASKED = "masked"
"""The word for a real person whose way to be reached is taken over, and nothing else of them."""


def masked(
    language: str, style: Style | None, channels: tuple[str, ...], hours: tuple[time, time] | None, *, has_phone: bool,
    has_mail: bool,
) -> Persona:  # fmt: skip
    """Return somebody made up who is reached as one real person is: their language, style, ways and hours, no more."""
    return Persona(
        MASKED, "Alex", "Hansen", None, language, style, channels, hours=hours, has_phone=has_phone, has_mail=has_mail
    )


STAND_IN = masked("", None, (), None, has_phone=True, has_mail=True)
"""How a real person's stand-in acts: nothing is known of what they would do."""


def in_language(words: Mapping[str, str], language: str) -> str:
    """Return words in a language, in English where there are none in it, blank where there are none at all."""
    return words.get(language[:2]) or words.get("en", "")
