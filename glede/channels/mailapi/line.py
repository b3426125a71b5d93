"""The line to a provider of e-mail: no redirect, no answer without end, and all of it within the deadline."""

from __future__ import annotations

from typing import Any

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from glede.kernel import clock

CONNECT_SHARE = 0.4
ANSWER_MOST = 8 * 1024 * 1024


class Line(requests.Session):
    """A session that anymail sends through, and that the lists are asked by."""

    def __init__(self, deadline_seconds: float) -> None:
        super().__init__()
        self.deadline_seconds = deadline_seconds
        self.headers["User-Agent"] = "Glede"

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Return an answer whose body is read already. Raises what requests raises."""
        connect = self.deadline_seconds * CONNECT_SHARE
        ends_at = clock.monotonic() + self.deadline_seconds
        told = {**kwargs, "timeout": (connect, self.deadline_seconds - connect)}
        answer = super().request(*args, **{**told, "stream": True, "allow_redirects": False})
        try:
            body = b""
            for piece in answer.iter_content(16 * 1024):
                body += piece
                if len(body) > ANSWER_MOST or clock.monotonic() > ends_at:
                    raise requests.ReadTimeout("the answer does not end")
        finally:
            answer.close()
        answer._content = body
        return answer


def has_not_left(error: BaseException) -> bool:
    """Return True where no connection stood when it went wrong, so that nothing can have been taken."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.InvalidURL):
        return True
    cause = error.__cause__ if isinstance(error.__cause__, requests.RequestException) else error
    inner = cause.args[0] if cause.args else None
    if isinstance(cause, requests.ConnectTimeout):
        return True
    return isinstance(inner, MaxRetryError) and isinstance(inner.reason, NewConnectionError)
