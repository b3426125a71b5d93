"""The pages of the interface itself: its look, its files, its gallery."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from glede.ui import bundles, look
from glede.ui import gallery as examples

SEE_OTHER, ASK_AGAIN = 303, 307
_YEAR = "public, max-age=31536000, immutable"


@csrf_exempt
@require_POST
def set_look(request: HttpRequest) -> HttpResponseBase:
    """Keep size, theme, language or keys in the reader's one cookie and go back to the page.

    A page whose form carries what was written so far (``kept``) is asked for again with it: nothing typed is lost.
    Without a CSRF mark on purpose: it changes only how this browser draws pages, and the pages of
    patients set no other cookie.
    """
    chosen = look.of(request).changed(
        {name: request.POST.get(name, "") for name in ("size", "theme", "language", "keys")}
    )
    there = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    response = redirect(there if is_ours else "/")
    response.status_code = ASK_AGAIN if request.POST.get("kept") else SEE_OTHER
    response.set_cookie(
        look.COOKIE, chosen.write(), max_age=look.COOKIE_AGE, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return response


@require_GET
def bundle(request: HttpRequest, stem: str, digest: str, kind: str) -> HttpResponse:
    """Serve a bundle; an old address gets the present content, kept only shortly."""
    try:
        found = bundles.load(f"{stem}.{kind}")
    except bundles.UnknownBundle as error:
        raise Http404 from error
    may_zip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(found.zipped if may_zip else found.content, content_type=found.type)
    if may_zip:
        response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    response.headers["Cache-Control"] = _YEAR if digest == found.digest else "no-cache"
    return response


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the browser's worker that shows the last Today without a line; it may answer for every page."""
    found = bundles.load("worker.js")
    headers = {"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"}
    return HttpResponse(found.content, content_type=found.type, headers=headers)


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in its states, with invented people."""
    return render(request, "ui/gallery.html", examples.context())


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a post whose CSRF mark is missing or old: nothing was saved, and how to go on."""
    del reason  # for developers; the log has it
    words = {
        "title": _("This page was open for too long"),
        "do": _("Go back, load the page again and try once more. Nothing was changed."),
    }
    return render(request, "ui/error.html", words | {"code": 403}, status=403)
