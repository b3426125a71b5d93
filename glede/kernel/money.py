"""Money as whole minor units of one currency."""

from dataclasses import dataclass

_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
_WORDS = {"NOK": "kr", "SEK": "kr", "DKK": "kr"}


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount: ``minor_units`` (øre, pence, cents) of ``currency`` (ISO 4217)."""

    minor_units: int
    currency: str


def money_words(amount: Money, language: str) -> str:
    """Return the amount as it is said: "890 kr", "£45", "1 250,50 kr". Whole amounts drop the decimals."""
    whole, rest = divmod(abs(amount.minor_units), 100)
    gap, comma = (" ", ",") if language == "nb" else (",", ".")
    figures = f"{whole:,}".replace(",", gap) + (f"{comma}{rest:02d}" if rest else "")
    sign = "-" if amount.minor_units < 0 else ""
    if amount.currency in _WORDS:
        return f"{sign}{figures} {_WORDS[amount.currency]}"
    if amount.currency in _SIGNS:
        return f"{sign}{_SIGNS[amount.currency]}{figures}"
    return f"{sign}{figures} {amount.currency}"
