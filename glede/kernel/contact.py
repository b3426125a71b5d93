"""E-mail addresses and phone numbers in one normal form each."""

import re

import phonenumbers

_EMAIL = re.compile(r"[^@\s<>\"(),;:\\\[\]]+@([a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)
EMAIL_LENGTH = 254


def email_key(text: str) -> str | None:
    """Return the address in the form it is compared in (trimmed, small letters), or None if it is none."""
    address = text.strip().strip("<>").removeprefix("mailto:")
    if len(address) > EMAIL_LENGTH or ".." in address or not _EMAIL.fullmatch(address):
        return None
    return address.lower()


def phone_e164(text: str, country: str) -> str | None:
    """Return the number in E.164 ("+4791234567"), read as dialled in ``country``, or None if it is none."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_words(e164: str, country: str | None = None) -> str:
    """Return the number as people of ``country`` write it: "912 34 567"; abroad with its "+"."""
    try:
        number = phonenumbers.parse(e164, country)
    except phonenumbers.NumberParseException:
        return e164
    home = country is not None and country in phonenumbers.region_codes_for_country_code(number.country_code or 0)
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)
