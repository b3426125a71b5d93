"""The phone: the real patient pages on the sealed database, in a frame of our own origin and marked as what they are.

The only pages that may be framed. Whoever asks is a colleague; the code in the address opens a visit of the walk's own
copy alone, because nothing else is in that database.
"""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import Resolver404, get_script_prefix, resolve, reverse, set_script_prefix
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from glede.desk.access import DeskRequest, page
from glede.shoes import operations, queries, sealed

PATIENTS, STYLES = "portal", "ui/"


@csrf_exempt  # a patient's form carries its own mark, and the frame shows a patient's form
@page("shoes_phone", methods=["GET", "POST"])
def patient_page(request: DeskRequest, walk: str, inner: str) -> HttpResponse:
    """Show a patient's page of a walk, or press a button there; what follows from it happens at once."""
    home_id = request.practice.pk
    try:
        copy_id = UUID(walk)
        found = resolve(f"/{inner}")
    except (ValueError, Resolver404):
        raise Http404 from None
    if found.namespace != PATIENTS or not inner.startswith("t/"):
        raise Http404
    try:
        with sealed.inside():
            under_way = queries.walk_of(home_id, copy_id)
            prefix = reverse("desk:shoes_phone", args=[copy_id, "x"])[:-1]
            response = _inner(request, found, prefix)
            if request.method == "POST" and response.status_code < 400:
                operations.settle(under_way)
    except (sealed.NoSealedDatabase, queries.NoSuchWalk):
        raise Http404 from None
    return _framed(response, prefix)


def _inner(request: DeskRequest, found: Any, prefix: str) -> HttpResponse:
    """Call the patient's page as if it stood where it always does; the addresses it writes lead back into the frame."""
    ours, seat = get_script_prefix(), (request.practice, request.now)
    set_script_prefix(prefix)
    try:
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response
    finally:
        set_script_prefix(ours)
        request.practice, request.now = seat


def _framed(response: HttpResponse, prefix: str) -> HttpResponse:
    """Let our own origin frame it, mark it, and lead its styles to where they are."""
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]  # as csp.decorators does
    if response.headers.get("Content-Type", "").startswith("text/html"):
        mark = f'<p role="note"><b>{gettext("A walk in a patient’s shoes. Nothing here is real.")}</b></p>'
        html = response.content.replace(f'"{prefix}{STYLES}'.encode(), f'"/{STYLES}'.encode())
        head, main, rest = html.partition(b"<main")
        tag, close, inside = rest.partition(b">")
        if main:
            response.content = head + main + tag + close + mark.encode() + inside
    return response
