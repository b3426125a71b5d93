"""The practice's network alone: whoever comes from elsewhere is refused before anything is looked at."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from glede.config.lan.names import is_neighbour


class NeighboursMiddleware:
    """Refuses a caller whose address is no private one: ``--lan`` opens the house to its network, not to the world."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_neighbour(request.META.get("REMOTE_ADDR", "")):
            return HttpResponse("This address is for the practice's own network.\n", "text/plain", status=403)
        return self.get_response(request)
