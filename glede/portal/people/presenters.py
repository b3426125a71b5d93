"""What a shared phone may show of how somebody is reached."""

from uuid import UUID

from django.utils.translation import gettext as _

from glede.kernel.contact import phone_words
from glede.people.values import Reach

SHOWN_DIGITS = 3


def contacts(reach: Reach, country: str) -> list[str]:
    """Return the addresses in force, with all but their ends hidden: phones are often shared."""
    return [words for _id, words in ways(reach, country)]


def ways(reach: Reach, country: str) -> list[tuple[UUID, str]]:
    """Return the addresses in force by their ids, as ``contacts`` shows them."""
    return [
        (c.id, masked_email(c.address) if c.kind == "email" else masked_phone(phone_words(c.address, country)))
        for c in reach.contacts
    ]


def masked_email(address: str) -> str:
    """Return "k…@example.org"."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}…@{host}"


def masked_phone(words: str) -> str:
    """Return the number with its last three digits only: "… 567"."""
    digits = "".join(letter for letter in words if letter.isdigit())
    return f"… {digits[-SHOWN_DIGITS:]}"


def told(done: str) -> str:
    """Return the line that says what was saved."""
    words = {
        "saved": _("Saved. We do it this way from now on."),
        "quiet": _("Saved. You can change it here at any time."),
        "wrong": _("Thank you. We send nothing there any more, and ask for the right one."),
        "news": _("Done. You get no more news or offers from us. Messages about your visits still come."),
    }
    return words.get(done, "")
