"""In the demonstration what follows from an act is there at once; in real practices the worker sees to it."""

import contextlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from glede.demonstration import operations as demonstration
from glede.kernel import ids
from glede.practices.queries import practice_for_link


class DemonstrationMiddleware:
    """After whatever was pressed in the demonstration, at the desk or by a patient's link, lets it take effect."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < 400:
            practice = _practice_of(request)
            if practice is not None and practice.is_demo:
                with contextlib.suppress(demonstration.ClockGoesBack):
                    demonstration.settle(practice)
        return response


def _practice_of(request: Any) -> Any:
    parts = request.path.split("/")
    if parts[1] != "t":
        return getattr(request, "practice", None)
    code = ids.read_link_code(parts[2]) if len(parts) > 2 else None
    return practice_for_link(ids.link_hash(code)) if code else None
