"""What a service is called, costs and needs, from values alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from uuid import UUID

from glede.kernel.money import Money, money_words

LONGEST_MINUTES = 8 * 60
MOST_MORE_MINUTES = 120
WAIT_MAX = 60


class MoreTime(StrEnum):
    """Why somebody needs more time than others for the same service."""

    FIRST = "first"
    CHILD = "child"
    ANXIOUS = "anxious"
    INTERPRETER = "interpreter"
    WHEELCHAIR = "wheelchair"
    DROPS = "drops"


class CannotOffer(ValueError):
    """A service cannot be offered so; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class ServiceForm:
    """What is said of a service. ``more_minutes`` are added, by the code of ``MoreTime``.

    ``asks_for`` are the words for the rooms and devices a visit needs beside the clinician. ``followed_by`` is the code
    of the service that follows with somebody else, begun within ``follow_within`` minutes; blank: none.

    ``name`` and ``what_to_bring`` by language; prices in minor units, None = not set.
    """

    code: str
    name: Mapping[str, str]
    minutes: int
    buffer_minutes: int = 0
    price_minor_units: int | None = None
    price_to_minor_units: int | None = None
    for_new: bool = False
    what_to_bring: Mapping[str, str] = field(default_factory=dict)
    sort: int = 0
    external_id: str = ""
    more_minutes: Mapping[str, int] = field(default_factory=dict)
    asks_for: Sequence[str] = ()
    followed_by: str = ""
    follow_within: int = 0


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """A service as pages and messages show it."""

    id: UUID
    code: str
    name: Mapping[str, str]
    what_to_bring: Mapping[str, str]
    minutes: int
    buffer_minutes: int
    price: Money | None
    price_to: Money | None
    for_new: bool
    is_ended: bool
    external_id: str = ""
    sort: int = 0
    more_minutes: Mapping[str, int] = field(default_factory=dict)
    asks_for: Sequence[str] = ()
    followed_by: str = ""
    follow_within: int = 0

    def name_in(self, language: str) -> str:
        """Return the name in ``language``, else in whichever language there is one."""
        return in_language(self.name, language)

    def bring_in(self, language: str) -> str:
        """Return what to bring, in ``language`` or whichever there is; blank for nothing."""
        return in_language(self.what_to_bring, language)

    def price_words(self, language: str) -> str:
        """Return the price as it is said, "890 kr" or "890–1 290 kr"; blank where none is set."""
        if self.price is None:
            return ""
        if self.price_to is None:
            return money_words(self.price, language)
        return price_range(self.price, self.price_to, language)


def price_range(low: Money, high: Money, language: str) -> str:
    """Return two prices as one: "890–1 290 kr", "£45–£60"."""
    first, second = money_words(low, language), money_words(high, language)
    unit = second.rpartition(" ")[2]
    if unit.isalpha() and first.endswith(f" {unit}"):
        first = first.removesuffix(f" {unit}")
    return f"{first}–{second}"


def in_language(words: Mapping[str, str], language: str) -> str:
    """Return words by language: the one asked for, English, or the first that says anything."""
    for tongue in (language[:2], "en", *sorted(words)):
        if words.get(tongue):
            return words[tongue]
    return ""


def check(form: ServiceForm) -> None:
    """Raise ``CannotOffer`` for a service without code, name or time, followed by itself, or priced backwards."""
    if not form.code:
        raise CannotOffer("code")
    if not any(word.strip() for word in form.name.values()):
        raise CannotOffer("name")
    if not 0 < form.minutes <= LONGEST_MINUTES or form.buffer_minutes < 0:
        raise CannotOffer("minutes")
    if not all(word in set(MoreTime) and 0 < more <= MOST_MORE_MINUTES for word, more in form.more_minutes.items()):
        raise CannotOffer("more_minutes")
    if not 0 <= form.follow_within <= WAIT_MAX or (form.followed_by and form.followed_by == form.code):
        raise CannotOffer("followed_by")
    if not _in_order(form.price_minor_units, form.price_to_minor_units):
        raise CannotOffer("price")


def _in_order(low: int | None, high: int | None) -> bool:
    if low is None or low < 0:
        return low is None and high is None
    return high is None or low < high


def changed_fields(before: ServiceForm, after: ServiceForm) -> list[str]:
    """Return the names of the fields that differ."""
    return [f.name for f in fields(ServiceForm) if getattr(before, f.name) != getattr(after, f.name)]
