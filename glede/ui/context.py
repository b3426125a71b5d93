"""What every template may read: the look and, lazily, the shell."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from glede.kernel.clock import wall
from glede.kernel.words import short_day_words, time_words
from glede.ui import look, shell


def ui(request: HttpRequest) -> dict[str, Any]:
    """Return ``look``, ``shell``, ``lang`` (for the html element), ``other_language`` and the practice's clock."""
    code = get_language() or settings.LANGUAGE_CODE
    others = [(other, name) for other, name in settings.LANGUAGES if other != code]
    return {
        "look": look.of(request),
        "shell": SimpleLazyObject(lambda: shell.for_request(request)),
        "lang": _tag(code),
        "clock_words": SimpleLazyObject(lambda: _clock_words(request, code)),
        "other_language": {"code": others[0][0], "lang": _tag(others[0][0]), "name": others[0][1].split(" ")[0]}
        if others
        else None,
    }


def _clock_words(request: HttpRequest, language: str) -> str:
    practice, now = getattr(request, "practice", None), getattr(request, "now", None)
    if practice is None or now is None:
        return ""
    there = wall(now, practice.zone)
    return f"{short_day_words(there.date(), language)} {time_words(there.time(), language, 'staff')}"


def _tag(code: str) -> str:
    language, _, region = code.partition("-")
    return f"{language}-{region.upper()}" if region else language
