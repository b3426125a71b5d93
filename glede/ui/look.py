"""How a reader wants to see pages: letters, light, language, keys. One strictly necessary cookie holds it.

The cookie is set only by pressing a button (POST ``ui:look``), names nobody and works without JavaScript.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE = "glede_look"
COOKIE_AGE = 400 * 24 * 3600  # seconds; the longest a browser keeps one
SIZES = ("1", "2", "3")
THEMES = ("auto", "light", "dark")
KEYS = ("on", "off")


@dataclass(frozen=True, slots=True)
class Look:
    """A reader's choices; an empty language means that none was chosen."""

    size: str = "1"
    theme: str = ""
    language: str = ""
    keys: str = "on"

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the look written in a cookie; what cannot be read falls back to the first choice."""
        size, theme, language, keys = [*text.split("."), "", "", "", ""][:4]
        return cls().changed({"size": size, "theme": theme, "language": language, "keys": keys})

    def changed(self, choices: dict[str, str]) -> Self:
        """Return this look with those of ``choices`` that are possible; the rest is left alone."""
        possible = {"size": SIZES, "theme": THEMES, "language": languages(), "keys": KEYS}
        return replace(self, **{name: value for name, value in choices.items() if value in possible.get(name, ())})

    def write(self) -> str:
        """Return the words of the cookie."""
        return f"{self.size}.{self.theme}.{self.language}.{self.keys}"

    @property
    def next_size(self) -> str:
        """The size the Aa button changes to: 1, 2, 3, 1, …"""
        return SIZES[int(self.size) % len(SIZES)]


def languages() -> tuple[str, ...]:
    """Return the codes of the interface's languages, as in the settings."""
    return tuple(code for code, _ in settings.LANGUAGES)


def code_of(language: str) -> str:
    """Return the interface's language code for a person's ``language`` ("nb", "nn", "no", "en", "en-GB")."""
    return "nb" if language[:2].lower() in {"nb", "nn", "no"} else settings.LANGUAGE_CODE


class LookMiddleware:
    """Puts ``request.look`` on the request and speaks the reader's language, then the browser's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        look = Look.read(request.COOKIES.get(COOKIE, ""))
        request.look = look  # type: ignore[attr-defined]
        language = look.language or translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or language)
        return response


def of(request: HttpRequest) -> Look:
    """Return the reader's look, also where the middleware did not run."""
    look = getattr(request, "look", None)
    return look if isinstance(look, Look) else Look()


@contextmanager
def speak(request: HttpRequest, language: str) -> Iterator[None]:
    """Render in the reader's own choice of language, else in ``language`` (the patient's)."""
    chosen = of(request).language or code_of(language)
    with translation.override(chosen):
        request.LANGUAGE_CODE = chosen
        yield
