"""Who really asks, where a proxy stands in front: its word counts when it comes from its own address alone."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from glede.config.lan.names import is_address


class ProxyMiddleware:
    """Puts the caller's own address in place of the proxy's, as the proxy told it in ``X-Forwarded-For``.

    The last address counts: the one the proxy itself saw. What a caller wrote before it is a tale. Whether the caller
    spoke TLS is read by the web server, from the same proxies alone (``forwarded_allow_ips``).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("REMOTE_ADDR") in settings.GLEDE_PROXY:
            told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
            request.META["REMOTE_ADDR"] = told if is_address(told) else "0.0.0.0"  # noqa: S104 - nobody's address
        return self.get_response(request)
