"""Public holidays of a country, computed from its law by the library ``holidays``. Pure: no clock, no rows."""

from dataclasses import dataclass
from datetime import date, timedelta

REGIONS = {"GB": ("ENG", "NIR", "SCT", "WLS")}
"""Countries whose parts keep holidays of their own, and the codes of those parts (ISO 3166-2)."""

KNOWN = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IS", "IT", "LI",
    "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "US",
})  # fmt: skip
"""Norway and its neighbours in the European Economic Area, the United Kingdom, and the federal holidays of the USA."""

_ENGLISH = {"GB": "en_GB"}


class UnknownCountry(LookupError):
    """No public holidays are known for this country yet."""


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """A public holiday: its day, and its name by language ("en", and the country's own, Norwegian as "nb")."""

    day: date
    name: dict[str, str]


def is_known(country: str) -> bool:
    """Return True for a country whose public holidays can be computed."""
    return country in KNOWN


def holidays_of(country: str, region: str, year: int) -> list[Holiday]:
    """Return the public holidays of ``year``, in order. Sundays that are holidays by law are among them.

    ``region`` is heeded where the country's parts keep their own (``REGIONS``). Raises ``UnknownCountry``.
    """
    if country not in KNOWN:
        raise UnknownCountry(country)
    part = region if region in REGIONS.get(country, ()) else None
    english = _named(country, part, year, _ENGLISH.get(country, "en_US"))
    own = _named(country, part, year, "no") if country == "NO" else {}
    return [
        Holiday(day, {"en": words} | ({"nb": own[day]} if day in own else {})) for day, words in sorted(english.items())
    ]


def _named(country: str, part: str | None, year: int, language: str) -> dict[date, str]:
    import holidays  # here, for every process would wait a tenth of a second for it

    found = holidays.country_holidays(country, subdiv=part, years=year, language=language)
    return {day: words for day, words in found.items() if day.year == year}


def coming(country: str, region: str, *, today: date) -> list[Holiday]:
    """Return the public holidays of the next twelve months. Raises ``UnknownCountry``."""
    until = today + timedelta(days=365)
    both = (*holidays_of(country, region, today.year), *holidays_of(country, region, today.year + 1))
    return [one for one in both if today <= one.day < until]
