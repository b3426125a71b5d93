"""The plain address on the practice's network: one page that tells how to trust this house, and its certificate.

Everything else is refused: nothing about a patient travels unencrypted. The page was written before the start
(``glede.desk.network``), so that this program holds no secret, no database and no Django.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from glede.config import lan
from glede.config.lan.names import is_neighbour

_PAGES = {"": "door.en.html", "nb": "door.nb.html", "no": "door.nb.html", "nn": "door.nb.html", "da": "door.nb.html"}
_FILES = {
    "/glede-ca.crt": ("ca.crt", "application/x-x509-ca-cert"),
    "/door.css": ("door.css", "text/css; charset=utf-8"),
}
_HEADERS = (
    ("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)
Start = Callable[[str, list[tuple[str, str]]], Any]


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Answer a request to the plain address; the page is shown whatever was asked for, with 403 where it was not it."""
    path, is_look = environ.get("PATH_INFO", "/"), environ.get("REQUEST_METHOD") in {"GET", "HEAD"}
    if not is_neighbour(environ.get("REMOTE_ADDR", "")):
        return _answer(
            start, "403 Forbidden", "text/plain; charset=utf-8", b"This address is for the practice's own network."
        )
    if is_look and path in _FILES:
        name, kind = _FILES[path]
        return _answer(start, "200 OK", kind, _read(name))
    status = "200 OK" if is_look and path == "/" else "403 Forbidden"
    return _answer(start, status, "text/html; charset=utf-8", _read(_page(environ.get("HTTP_ACCEPT_LANGUAGE", ""))))


def _answer(start: Start, status: str, kind: str, body: bytes) -> Iterable[bytes]:
    start(status, [("Content-Type", kind), ("Content-Length", str(len(body))), *_HEADERS])
    return [body]


def _read(name: str) -> bytes:
    return Path(lan.folder() / name).read_bytes()


def _page(languages: str) -> str:
    """Return the page in the first language asked for that we speak."""
    for asked in languages.lower().split(","):
        code = asked.partition(";")[0].strip()[:2]
        if code == "en":
            break
        if code in _PAGES and code:
            return _PAGES[code]
    return _PAGES[""]
