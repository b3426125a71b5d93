"""The session's cookie: taken back where somebody signs out, and by nobody else."""

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse


class SteadySessionMiddleware(SessionMiddleware):
    """Leaves the cookie alone where the session of a request is merely gone.

    Whoever signs in anew gets a new session, and the old one ends. A page that asks by itself may still be under way
    with the old cookie: Django answers it by taking the cookie back, which by then is the new one, and the colleague is
    signed out for no reason. A request that ends its session itself (signing out) takes its cookie back as ever.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Answer, with or without the cookie."""
        session = getattr(request, "session", None)
        is_merely_gone = session is not None and not session.modified
        response = super().process_response(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if is_merely_gone and cookie is not None and not cookie.value:
            del response.cookies[settings.SESSION_COOKIE_NAME]
        return response
