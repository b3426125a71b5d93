"""The book of law: the data files read, checked against their schema, and looked up by country and day.

A file that does not fit stops the program at import: a message is never judged by half a law.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from glede.outbox.policy.vocabulary import Basis, Channel, Must, Purpose
from glede.outbox.reading import BadPolicy, Fields, day_minutes, load

FILES: Final = ("no", "uk", "eu", "us", "other")
ELSEWHERE: Final = "OTHER"

CODES: Final[Mapping[str, tuple[Basis, ...]]] = {
    "CARE": (Basis.CARE,),
    "CARE*": (Basis.CARE_IF_NEUTRAL,),
    "CARE* else SOFT": (Basis.CARE_IF_NEUTRAL, Basis.SOFT, Basis.OPT),
    "SOFT": (Basis.SOFT, Basis.OPT),
    "SOFT/OPT": (Basis.SOFT, Basis.OPT),
    "OPT": (Basis.OPT,),
    "PEC": (Basis.PEC,),
    "PEC (emergency exempt)": (Basis.EMERGENCY,),
    "PEWC": (Basis.PEWC,),
    "CS": (Basis.CAN_SPAM,),
    "REPLY": (Basis.REPLY,),
    "REGISTER": (Basis.REGISTER,),
    "OBJECTION": (Basis.OBJECTION,),
    "X": (Basis.NEVER,),
    "NO RULES": (Basis.NO_RULES,),
}
"""The codes of docs/rules.md as the grounds they name; any one of them is enough."""

GROUPS: Final = ("text", "email")
OVERLAID: Final = (Channel.CALL, Channel.VOICE, Channel.LETTER)
KINDS: Final = ("service", "marketing")

Week = tuple[tuple[int, int] | None, ...]
"""Seven days from Monday: from and to in minutes of the wall clock, None where nothing may leave."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours that the law lays down for some channels. ``zones`` judge who sends to a state nobody named."""

    channels: frozenset[str]
    is_marketing_only: bool
    week: Week
    regions: frozenset[str]
    zones: frozenset[str]
    exempts_customers: bool
    not_on: tuple[str, ...]

    def applies(self, channel: str, *, is_marketing: bool, is_customer: bool, region: str, zone: str) -> bool:
        """Return True where these hours bind this message."""
        if channel not in self.channels or (self.is_marketing_only and not is_marketing):
            return False
        if self.exempts_customers and is_customer:
            return False
        if not self.regions:
            return True
        return region in self.regions if region else zone in self.zones


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """The law of one jurisdiction from one day on."""

    name: str
    jurisdiction: str
    valid_from: date
    source: str
    reviewed_on: date
    reviewer: str
    cells: Mapping[tuple[str, str], str]
    overlays: Mapping[str, str]
    register_exempts: frozenset[str]
    soft_from: frozenset[str]
    is_consent_per_channel: bool
    honour_within: timedelta
    must: Mapping[tuple[bool, str], tuple[Must, ...]]
    hours: tuple[Hours, ...]

    def code(self, purpose: str, group: str) -> str:
        """Return the cell for ``purpose`` in the column ``group`` ("text" or "email")."""
        return self.cells[purpose, group]


@dataclass(frozen=True, slots=True)
class Limits:
    """Our own limits inside every law."""

    unprompted_a_day: int
    texts_in_7_days: int
    marketing_in_30_days: int
    own_act: timedelta
    marketing_week: Week


def edition_for(country: str, day: date) -> Edition:
    """Return the law of ``country`` (ISO, two letters) on ``day``; before the first edition, the first."""
    editions = _EDITIONS[_JURISDICTIONS.get(country.upper(), ELSEWHERE)]
    for edition in reversed(editions):
        if edition.valid_from <= day:
            return edition
    return editions[0]


def jurisdiction_of(country: str) -> str:
    """Return NO, UK, EU, US, or OTHER for a country whose rules are not written yet."""
    return _JURISDICTIONS.get(country.upper(), ELSEWHERE)


def is_live_allowed(country: str) -> bool:
    """Return True where a practice of ``country`` may go live: its rules stand in this book."""
    return jurisdiction_of(country) != ELSEWHERE


@lru_cache(maxsize=256)
def holidays(rules: tuple[str, ...], year: int) -> frozenset[date]:
    """Return the days that ``rules`` name in ``year``: "MM-DD", or "easter" and a signed count of days."""
    return frozenset(_holiday(rule, year) for rule in rules)


def _holiday(rule: str, year: int) -> date:
    if rule.startswith("easter"):
        return easter(year) + timedelta(days=int(rule.removeprefix("easter")))
    return date.fromisoformat(f"{year}-{rule}")


def easter(year: int) -> date:
    """Return Easter Sunday (Gregorian; Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def read_policy(name: str, raw: Any) -> tuple[str, tuple[str, ...], tuple[Edition, ...]]:
    """Return jurisdiction, countries and editions of a file's content. Raises ``BadPolicy``."""
    fields = Fields(name, raw)
    jurisdiction = fields.text("jurisdiction")
    countries = fields.texts("countries")
    editions = tuple(_edition(one, jurisdiction) for one in fields.several("editions"))
    fields.close()
    if not editions:
        raise BadPolicy(name, "has no edition")
    return jurisdiction, countries, tuple(sorted(editions, key=lambda edition: edition.valid_from))


def _edition(fields: Fields, jurisdiction: str) -> Edition:
    valid_from = fields.day("valid_from")
    edition = Edition(
        name=f"{jurisdiction} {valid_from.isoformat()}",
        jurisdiction=jurisdiction,
        valid_from=valid_from,
        source=fields.text("source"),
        reviewed_on=fields.day("reviewed_on"),
        reviewer=fields.text("reviewer"),
        cells=_cells(fields.inner("purposes")),
        overlays=_overlays(fields.inner("overlays")),
        register_exempts=frozenset(fields.texts("register_exempts_customers", among=tuple(Channel))),
        soft_from=frozenset(fields.texts("soft_opt_in_from", among=("sale", "negotiation"))),
        is_consent_per_channel=fields.yes("is_consent_per_channel"),
        honour_within=timedelta(days=fields.count("honour_opt_out_days")),
        must=_must(fields.inner("must_include")),
        hours=tuple(_hours(one) for one in fields.several("hours")),
    )
    fields.close()
    return edition


def _cells(fields: Fields) -> dict[tuple[str, str], str]:
    cells: dict[tuple[str, str], str] = {}
    for purpose in Purpose:
        for group in GROUPS:
            cells[purpose.value, group] = fields.either(purpose.value, group, tuple(CODES))
    fields.close()
    return cells


def _overlays(fields: Fields) -> dict[str, str]:
    overlays = {channel.value: fields.text(channel.value, among=tuple(CODES)) for channel in OVERLAID}
    fields.close()
    return overlays


def _must(fields: Fields) -> dict[tuple[bool, str], tuple[Must, ...]]:
    must: dict[tuple[bool, str], tuple[Must, ...]] = {}
    for kind in KINDS:
        inner = fields.inner(kind)
        for group in (*GROUPS, *OVERLAID):
            names = inner.texts(group, among=tuple(Must), default=("sender",))
            must[kind == "marketing", str(group)] = tuple(Must(name) for name in names)
        inner.close()
    fields.close()
    return must


def _hours(fields: Fields) -> Hours:
    hours = Hours(
        channels=frozenset(fields.texts("channels", among=tuple(Channel))),
        is_marketing_only=fields.text("kind", among=("any", "marketing")) == "marketing",
        week=day_minutes(fields.inner("days")),
        regions=frozenset(fields.texts("regions", default=())),
        zones=frozenset(fields.texts("zones", default=())),
        exempts_customers=fields.yes("exempts_customers", default=False),
        not_on=fields.texts("not_on", default=()),
    )
    for rule in hours.not_on:
        try:
            _holiday(rule, 2028)
        except ValueError as error:
            raise BadPolicy(fields.place, f"{rule!r} is no day") from error
    fields.close()
    return hours


def read_limits(name: str, raw: Any) -> Limits:
    """Return our own limits from a file's content. Raises ``BadPolicy``."""
    fields = Fields(name, raw)
    for said in ("source", "reviewer"):
        fields.text(said)
    for on in ("valid_from", "reviewed_on"):
        fields.day(on)
    limits = Limits(
        unprompted_a_day=fields.count("unprompted_a_day"),
        texts_in_7_days=fields.count("texts_in_7_days"),
        marketing_in_30_days=fields.count("marketing_in_30_days"),
        own_act=timedelta(minutes=fields.count("own_act_minutes")),
        marketing_week=day_minutes(fields.inner("marketing_days")),
    )
    fields.close()
    return limits


_READ = [read_policy(name, load(name)) for name in FILES]
_JURISDICTIONS: Final = {country: jurisdiction for jurisdiction, countries, _ in _READ for country in countries}
_EDITIONS: Final = {jurisdiction: editions for jurisdiction, _, editions in _READ}
LIMITS: Final = read_limits("limits", load("limits"))
