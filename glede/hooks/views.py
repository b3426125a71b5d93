"""Whether the house stands: for supervisors and load balancers. Says nothing about anybody."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

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
