"""What every template may read: the look and, lazily, the shell."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from glede.ui import look, shell


def ui(request: HttpRequest) -> dict[str, Any]:
    """Return ``look``, ``shell``, ``lang`` (for the html element) and ``other_language`` (code and own name)."""
    code = get_language() or settings.LANGUAGE_CODE
    others = [(other, name) for other, name in settings.LANGUAGES if other != code]
    return {
        "look": look.of(request),
        "shell": SimpleLazyObject(lambda: shell.for_request(request)),
        "lang": _tag(code),
        "other_language": {"code": others[0][0], "lang": _tag(others[0][0]), "name": others[0][1].split(" ")[0]}
        if others
        else None,
    }


def _tag(code: str) -> str:
    language, _, region = code.partition("-")
    return f"{language}-{region.upper()}" if region else language
