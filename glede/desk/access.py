"""The gate of the staff pages: who may open which page, in which practice, seen by whom."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse

from glede.kernel import clock
from glede.kernel.actor import Actor
from glede.ledger import operations as ledger
from glede.practices import scope
from glede.staff import queries as staff

RECEPTIONIST, DISPENSING, OPTOMETRIST = "receptionist", "dispensing_optician", "optometrist"
MANAGER, OWNER = "manager", "owner"
EVERYONE = frozenset({RECEPTIONIST, DISPENSING, OPTOMETRIST, MANAGER, OWNER})
MANAGERS = frozenset({MANAGER, OWNER})
OWNERS = frozenset({OWNER})

# An open page asks for itself every 20 seconds; whom it showed is noted once in this time.
LOOK_STANDS = timedelta(minutes=10)

Page = Callable[..., HttpResponse]


@dataclass
class Visit:
    """Who is at the desk: the practice, the colleague, and whom they looked at on this page."""

    practice: Any
    membership: Any
    now: datetime
    by: Actor
    looked_at: set[UUID] = field(default_factory=set)


class DeskRequest(HttpRequest):
    """A request of a colleague, as ``page`` hands it to a view."""

    visit: Visit
    practice: Any
    membership: Any
    now: datetime
    by: Actor
    htmx: Any  # django-htmx: true where a script of the page asks

    def look_at(self, *patient_ids: UUID) -> None:
        """Note that this page shows patients; the log is committed before the page leaves."""


def page(
    name: str, *, roles: frozenset[str] = EVERYONE, methods: Iterable[str] = ("GET",), takes_back: bool = False
) -> Callable[[Page], Page]:
    """Guard a view: signed in, a member in one of ``roles``, one of ``methods``.

    A GET runs inside a read-only transaction of the practice; one that ``takes_back`` tries something and takes it
    back in transactions of its own. Whom it showed (``request.look_at``)
    is committed to the access log before the page leaves; without that the page is not shown.
    """
    allowed = {*methods, "HEAD"} if "GET" in methods else set(methods)

    def guard(view: Page) -> Page:
        @wraps(view)
        def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            refusal = _refusal(request, roles)
            if refusal is not None:
                return refusal
            if request.method not in allowed:
                return HttpResponseNotAllowed(sorted(allowed))
            response = _run(view, request, takes_back, *args, **kwargs)
            _log_looks(request, name)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        guarded.desk_page = name  # type: ignore[attr-defined]
        guarded.desk_roles = roles  # type: ignore[attr-defined]
        guarded.desk_methods = frozenset(allowed)  # type: ignore[attr-defined]
        return guarded

    return guard


def _refusal(request: DeskRequest, roles: frozenset[str]) -> HttpResponse | None:
    if not request.user.is_authenticated:
        if not staff.owner_exists():
            return redirect("desk:start")
        return redirect_to_login(request.get_full_path())
    if getattr(request, "visit", None) is None:
        raise PermissionDenied("no membership")
    if request.membership.role not in roles:
        raise PermissionDenied("role")
    return None


def _run(view: Page, request: DeskRequest, takes_back: bool, *args: Any, **kwargs: Any) -> HttpResponse:
    if takes_back or request.method not in {"GET", "HEAD"}:
        return _rendered(view(request, *args, **kwargs))
    with scope.transaction(request.practice.pk, read_only=True):
        return _rendered(view(request, *args, **kwargs))


def _rendered(response: HttpResponse) -> HttpResponse:
    return response.render() if isinstance(response, SimpleTemplateResponse) else response


def _log_looks(request: DeskRequest, name: str) -> None:
    looked = request.visit.looked_at
    if looked:
        since = clock.now() - LOOK_STANDS if request.htmx else None
        ledger.log_accesses(
            request.practice.pk, by=request.by, patient_ids=looked, page=name, now=request.now, noted_since=since
        )
