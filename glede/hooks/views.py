"""Whether the house stands, and whether it is this one. Says nothing about anybody."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from glede.practices.address import answer_to

STANDING, DOWN = 200, 503


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 "ok" where the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return HttpResponse("database\n", status=DOWN, content_type="text/plain")
    return HttpResponse("ok\n", status=STANDING, content_type="text/plain")


@require_safe
@never_cache
def here(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the word by which this house knows itself, where a public address is tried from inside."""
    return HttpResponse(f"{answer_to(token[:64])}\n", content_type="text/plain")
