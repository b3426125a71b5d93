"""The door of the pages on which somebody unknown books: the practice by its name, the throttle, the headers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from glede.catalogue.queries import Online, Reason, online_booking
from glede.portal.gate import READING, phone_of, private
from glede.portal.throttle import Caller
from glede.practices.queries import practice_now
from glede.ui import errors, look, nonce

if TYPE_CHECKING:
    from glede.practices.models import Practice

CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign")
KEPT_MOST = 2000  # characters


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody unknown on a practice's booking page, and what they wrote so far (``kept``)."""

    request: HttpRequest
    online: Online
    name: str
    now: datetime

    @property
    def practice(self) -> "Practice":
        """Whose page it is."""
        return self.online.practice

    @property
    def kept(self) -> dict[str, str]:
        """Return what was written and which time is held, to be written into the next form."""
        sent = self.request.POST if self.request.method == "POST" else {}
        held = sent.get("held", "") or self.request.GET.get("held", "")
        found = {word: sent.get(word, "") for word in ("name", "mobile", "wish")} | {"held": held}
        found["came"] = sent.get("came", "") or self.request.GET.get("came", "") or _campaign(self.request)
        return {name: words[:KEPT_MOST] for name, words in found.items() if words}

    @property
    def carried(self) -> str:
        """Return what a link carries on: the time that is held, and the campaign that brought them."""
        return urlencode({name: words for name, words in self.kept.items() if name in {"held", "came"}})

    def reason(self, code: str = "", service_id: UUID | None = None) -> Reason:
        """Return the reason that may be chosen here, by its service. Raises ``Http404``."""
        for one in self.online.reasons:
            if one.card.code == code or one.card.id == service_id:
                return one
        raise Http404

    def url(self, page: str, *args: str) -> str:
        """Return the address of one of these pages."""
        return reverse(f"booking:{page}", args=[self.name, *args])

    def press(self, act: str) -> str:
        """Return a fresh mark for a form of these pages."""
        return nonce.issue(f"{act}.{self.practice.slug}")

    def command(self, act: str) -> UUID:
        """Return the command id of the pressed form. Raises ``nonce.StaleNonce``."""
        return nonce.read(self.request.POST.get("nonce", ""), f"{act}.{self.practice.slug}")

    def show(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Render one of these pages."""
        shared = {
            "practice": self.practice, "practice_phone": phone_of(self.practice), "kept": self.kept,
            "reasons_url": self.url("reasons"), "carried": self.carried,
        }  # fmt: skip
        return render(self.request, f"portal/booking/{template}", shared | context, status=status)


def _campaign(request: HttpRequest) -> str:
    """Return the campaign words of the link somebody followed: "facebook, paid, autumn"; "" where it had none."""
    words = (" ".join(request.GET.get(name, "").split())[:60] for name in CAMPAIGN)
    return ", ".join("".join(sign for sign in word if sign.isprintable()) for word in words if word)


Page = Callable[..., HttpResponse]


def booking_page(*, writes: bool = False, reads: bool = True) -> Callable[[Page], Callable[..., HttpResponse]]:
    """Make ``view(stranger, …)`` a page anybody may open. GET and HEAD only ever show."""
    allowed = (*(READING if reads else ()), *(("POST",) if writes else ()))

    def decorate(view: Page) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @never_cache
        @wraps(view)
        def page(request: HttpRequest, practice: str, **where: str) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            return private(_open(request, practice, view, where))

        return page

    return decorate


def _open(request: HttpRequest, name: str, view: Page, where: dict[str, str]) -> HttpResponse:
    if not Caller.of(request).may("read" if request.method in READING else "write"):
        return errors.too_many(request)
    online = online_booking(name)
    if online is None:
        raise Http404
    stranger = Stranger(request, online, name, practice_now(online.practice))
    request.practice, request.now = online.practice, stranger.now  # type: ignore[attr-defined]
    with look.speak(request, online.practice.language):
        return view(stranger, **where) if online.is_open else stranger.show("closed.html", {})
