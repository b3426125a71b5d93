"""The page of the network's plain door, written beforehand: it is served by a program that has no database."""

from django.template.loader import render_to_string
from django.utils import translation

CERTIFICATE = "/glede-ca.crt"
LANGUAGES = {"en": "en-gb", "nb": "nb"}


def pages(*, address: str, fingerprint: str) -> dict[str, str]:
    """Return the page by language; ``address`` is where Glede stands."""
    told = {"address": address, "certificate": CERTIFICATE, "fingerprint": groups(fingerprint)}
    found: dict[str, str] = {}
    for lang, code in LANGUAGES.items():
        with translation.override(code):
            found[lang] = render_to_string("desk/network/door.html", {**told, "lang": lang})
    return found


def groups(fingerprint: str) -> list[str]:
    """Return a fingerprint in two lines, so that a person can compare it."""
    parts = fingerprint.split(" ")
    return [" ".join(parts[:4]), " ".join(parts[4:])]
