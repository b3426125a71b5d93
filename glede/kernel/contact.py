"""E-mail addresses and phone numbers in one normal form each."""

import re
from functools import lru_cache

import phonenumbers

_EMAIL = re.compile(r"[^@\s<>\"(),;:\\\[\]]+@([a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)
EMAIL_LENGTH = 254


@lru_cache(maxsize=4096)
def _parsed(text: str, country: str | None) -> phonenumbers.PhoneNumber:
    # One number is asked for several times in a row: what it is, how it is said, whether it takes texts.
    return phonenumbers.parse(text, country)


def email_key(text: str) -> str | None:
    """Return the address in the form it is compared in (trimmed, small letters), or None if it is none."""
    address = text.strip().strip("<>").removeprefix("mailto:")
    if len(address) > EMAIL_LENGTH or ".." in address or not _EMAIL.fullmatch(address):
        return None
    return address.lower()


def phone_e164(text: str, country: str) -> str | None:
    """Return the number in E.164 ("+4791234567"), read as dialled in ``country``, or None if it is none."""
    try:
        number = _parsed(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_landline(e164: str) -> bool:
    """Return True for a number that is certainly a landline, which takes no texts."""
    return phonenumbers.number_type(_parsed(e164, None)) == phonenumbers.PhoneNumberType.FIXED_LINE


def phone_words(e164: str, country: str | None = None) -> str:
    """Return the number as people of ``country`` write it: "912 34 567"; abroad with its "+"."""
    try:
        number = _parsed(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    home = country is not None and country in phonenumbers.region_codes_for_country_code(number.country_code or 0)
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def masked(address: str) -> str:
    """Return as much of an address as may be said aloud in a waiting room: "4312", "k…@example.no"."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}…@{domain}" if at else address[-4:]
