"""What every call of a provider has in common: it is a POST without a session, and is answered by a number alone.

What cannot be kept asks for the same call again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

TAKEN, FORGED, UNKNOWN, TOO_BIG, OTHER, AGAIN = 200, 403, 404, 413, 415, 503


def answered(hook: Callable[..., int]) -> Callable[..., HttpResponse]:
    """Let providers call ``hook``, which is given the request and the key in its address and returns the status."""

    @csrf_exempt
    @never_cache
    @require_POST
    @wraps(hook)
    def called(request: HttpRequest, key: str, **ids: object) -> HttpResponse:
        try:
            status = hook(request, key, **ids)
        except RequestDataTooBig:
            status = TOO_BIG
        except (DatabaseError, UnreadablePostError):
            status = AGAIN
        return HttpResponse("", status=status, content_type="text/plain")

    return called
