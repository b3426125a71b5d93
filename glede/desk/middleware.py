"""Who is at the desk: the practice a colleague works in now, and what time it is there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from glede.desk.access import Visit
from glede.kernel.actor import colleague
from glede.practices import queries as practices
from glede.staff import queries as staff
from glede.ui import look

SESSION_KEY = "practice"


class DeskMiddleware:
    """Puts ``request.practice``, ``membership``, ``now`` and ``by`` on the request of a colleague.

    The membership is read afresh each time, so that somebody removed is out at once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if request.path.startswith(("/t/", "/u/", "/hooks/", "/static/")) or not request.user.is_authenticated:
            return self.get_response(request)
        membership = _current(request)
        if membership is not None:
            _sit_down(request, membership)
        language = look.of(request).language or look.code_of(request.user.language)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        if not request.user.is_authenticated:
            # Signed out: what this desk kept for a dropped line goes too.
            response.headers["Clear-Site-Data"] = '"storage"'
        return response


def _current(request: Any) -> Any:
    memberships = staff.memberships_of(request.user)
    chosen = request.session.get(SESSION_KEY)
    return next((m for m in memberships if str(m.practice_id) == chosen), memberships[0] if memberships else None)


def _sit_down(request: Any, membership: Any) -> None:
    now = practices.practice_now(membership.practice)
    visit = Visit(membership.practice, membership, now, colleague(membership.pk))
    request.visit, request.practice, request.membership = visit, visit.practice, membership
    request.now, request.by = visit.now, visit.by

    def look_at(*patient_ids: UUID) -> None:
        visit.looked_at.update(patient_ids)

    request.look_at = look_at
