"""Error pages: what happened in one sentence, and what to do. The urls name them as handlers."""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORDS: dict[int, tuple[Promise, Promise]] = {
    400: (_("We could not read that"), _("Go back and try again. What you wrote may still be there.")),
    403: (
        _("This page is not open to you"),
        _("Sign in with an account that may see it, or ask the owner of your practice."),
    ),
    404: (
        _("There is nothing at this address"),
        _("Check the link in your message: it may have broken in two. Or call us, and we help at once."),
    ),
    429: (
        _("That was many tries in a short time"),
        _("Wait one minute, then try again. Nothing is lost. You can also call us."),
    ),
    500: (
        _("We could not do this"),
        _("Go back and try again: your text may still be there. Or call us. We have been told."),
    ),
}


_TO_COLLEAGUES: dict[int, Promise] = {
    403: _("Your role does not have it. Ask the owner of your practice."),
    404: _("It was moved or never stood here. Look for the person, or begin from Today."),
}


PATIENT_PATHS = ("/t/", "/u/")


def is_patient(request: HttpRequest) -> bool:
    """Return True where the address is one of those patients get: they have no first page to go to."""
    return request.path.startswith(PATIENT_PATHS)


def _page(request: HttpRequest, code: int) -> HttpResponse:
    title, do = _WORDS[code]
    if getattr(request, "membership", None):
        do = _TO_COLLEAGUES.get(code, do)
    told = {"code": code, "title": title, "do": do, "is_patient": is_patient(request)}
    at_desk = getattr(request, "membership", None) and not is_patient(request)
    return render(request, "ui/error_staff.html" if at_desk else "ui/error.html", told, status=code)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what could not be read (400)."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer who may not (403)."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere (404)."""
    return _page(request, 404)


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer who tries too often (429), and say when to come back."""
    response = _page(request, 429)
    response.headers["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer our own fault (500), in both languages, with as little machinery as possible."""
    try:
        return _page(request, 500)
    except Exception:
        return HttpResponseServerError(render_to_string("ui/error_plain.html", {}))
