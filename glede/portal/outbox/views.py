"""Stop news and offers with one press: List-Unsubscribe (RFC 8058) and its page."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from glede.outbox.operations import NoSuchToken
from glede.outbox.operations import unsubscribe as stop_news
from glede.outbox.unsubscribing import read_unsubscribe_token
from glede.portal.gate import READING, link_ended, phone_of, private
from glede.portal.throttle import Caller
from glede.practices.queries import NoSuchPractice, practice_by_id, practice_now
from glede.ui import errors, look


@csrf_exempt
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button on GET, for scanners follow links; stop on POST, from the page or a mail program.

    Mail programs post without having seen the page (RFC 8058), so the token alone is the proof here.
    """
    if request.method not in {*READING, "POST"}:
        return HttpResponseNotAllowed([*READING, "POST"])
    return private(_unsubscribe(request, token))


def _unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    caller = Caller.of(request)
    if not caller.may("read" if request.method in READING else "write"):
        return errors.too_many(request)
    asked = read_unsubscribe_token(token)
    try:
        if asked is None:
            raise NoSuchToken
        practice = practice_by_id(asked.practice_id)
        if request.method == "POST":
            stop_news(token=token, now=practice_now(practice))
    except (NoSuchToken, NoSuchPractice):
        caller.was_wrong()
        return link_ended(request, None)
    request.practice = practice  # type: ignore[attr-defined]
    context = {
        "practice": practice,
        "practice_phone": phone_of(practice),
        "is_stopped": request.method == "POST",
    }
    with look.speak(request, practice.language):
        return render(request, "portal/unsubscribe.html", context)
