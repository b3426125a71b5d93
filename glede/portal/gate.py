"""The door of every patient page: the code, the throttle, the note of who looks, the headers.

An unknown, ended or revoked code gets one and the same kind page, so that nobody learns which codes
exist. A right code gives a ``Guest``: whose visit it is, and the time by the practice's clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from glede.diary.facts import VisitFacts
from glede.diary.queries import appointment_by_link, appointment_for
from glede.diary.rules import LinkState
from glede.kernel import actor, ids
from glede.kernel.contact import phone_words
from glede.ledger.operations import log_access
from glede.people.queries import reach
from glede.people.values import Reach
from glede.portal.throttle import Caller
from glede.practices.queries import practice_for_link, practice_now
from glede.ui import errors, look, nonce

if TYPE_CHECKING:
    from glede.practices.models import Practice

PAGES = (
    "again", "arrival", "before", "before_question", "before_thanks", "bring", "calendar", "call_back",
    "cancellation", "confirmation", "feedback", "held", "history", "lateness", "move", "news", "place",
    "preferences", "prices", "quiet", "receipt", "rights", "wrong_number",
)  # fmt: skip
READING = ("GET", "HEAD")
SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who came by a visit's link: all a patient page needs to ask and to act."""

    practice: "Practice"
    visit: VisitFacts
    reach: Reach
    code: str
    now: datetime

    @property
    def by(self) -> actor.Actor:
        """Who acts: the patient the link was made for."""
        return actor.patient(self.reach.patient_id)

    def url(self, page: str) -> str:
        """Return the address of one of this visit's pages."""
        return reverse(f"portal:{page}", args=[self.code])

    def press(self, act: str) -> str:
        """Return a fresh mark for a form of this visit."""
        return nonce.issue(f"{act}.{self.code}")


Page = Callable[[HttpRequest, Guest], HttpResponse]


def patient_page(
    page_name: str, *, writes: bool = False, reads: bool = True
) -> Callable[[Page], Callable[..., HttpResponse]]:
    """Make ``view(request, guest)`` a page behind a visit's link.

    ``writes``: it takes POST; ``reads``: it takes GET and HEAD, which only ever show. The look at the
    patient is noted under ``page_name`` before the view runs.
    """
    allowed = (*(READING if reads else ()), *(("POST",) if writes else ()))

    def decorate(view: Page) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @never_cache
        @wraps(view)
        def page(request: HttpRequest, code: str) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            return private(_open(request, code, page_name, view))

        return page

    return decorate


def _open(request: HttpRequest, code: str, page_name: str, view: Page) -> HttpResponse:
    caller = Caller.of(request)
    if not caller.may("read" if request.method in READING else "write"):
        return errors.too_many(request)
    guest, practice = find_guest(code)
    if guest is None:
        caller.was_wrong()
        return link_ended(request, practice)
    request.practice, request.now = guest.practice, guest.now  # type: ignore[attr-defined]
    log_access(guest.practice.pk, by=guest.by, patient_id=guest.reach.patient_id, page=page_name, now=guest.now)
    with look.speak(request, guest.reach.language):
        return view(request, guest)


def find_guest(code: str) -> "tuple[Guest | None, Practice | None]":
    """Return who comes by ``code``, and the practice the code once led to, where known."""
    canonical = ids.read_link_code(code)
    practice = practice_for_link(ids.link_hash(canonical)) if canonical else None
    if canonical is None or practice is None or practice.retired_at is not None:
        return None, None
    now = practice_now(practice)
    visit = appointment_by_link(practice.pk, ids.link_hash(canonical))
    if visit is not None and visit.part_of is not None:
        # What follows a visit has no page of its own: the first part's tells of both.
        visit = appointment_for(practice.pk, visit.part_of)
        canonical = visit.link_code
    if visit is None or visit.link_state(now) == LinkState.ENDED:
        return None, practice
    person = reach(practice.pk, [visit.patient_id]).get(visit.patient_id)
    if person is None or person.is_erased or person.deceased:
        return None, practice
    return Guest(practice, visit, person, canonical, now), practice


def link_ended(request: HttpRequest, practice: "Practice | None") -> HttpResponse:
    """Answer a code that opens nothing: what to do, with the practice's phone where the code led there once."""
    request.practice = practice  # type: ignore[attr-defined]
    context = {"practice": practice, "practice_phone": phone_of(practice) if practice else ""}
    with look.speak(request, practice.language if practice else request.LANGUAGE_CODE):
        return render(request, "portal/ended.html", context, status=404)


def phone_of(practice: "Practice") -> str:
    """Return the practice's number as people there write it."""
    return phone_words(practice.phone, practice.country) if practice.phone else ""


def private(response: HttpResponse) -> HttpResponse:
    """Keep a page out of search engines, caches and other sites' logs."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def command_of(request: HttpRequest, guest: Guest, act: str) -> UUID:
    """Return the command id of the pressed form. Raises ``nonce.StaleNonce``: show the page again."""
    return nonce.read(request.POST.get("nonce", ""), f"{act}.{guest.code}")


def show(
    request: HttpRequest, guest: Guest, template: str, context: Mapping[str, object], status: int = 200
) -> HttpResponse:
    """Render a page of this visit, with what every page of it needs."""
    shared = {
        "practice": guest.practice,
        "practice_phone": phone_of(guest.practice),
        "message_url": guest.url("talk"),
        "visit_url": guest.url("visit"),
        "links": {page: guest.url(page) for page in PAGES},
        "given_name": guest.reach.given_name,
    }
    return render(request, f"portal/{template}", {**shared, **context}, status=status)


def go(guest: Guest, page: str, done: str = "") -> HttpResponse:
    """Send the reader on after a pressed button, so that loading the page again presses nothing."""
    response = HttpResponseRedirect(guest.url(page) + (f"?done={done}" if done else ""))
    response.status_code = SEE_OTHER
    return response
