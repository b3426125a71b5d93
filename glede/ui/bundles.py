"""One file for the staff's styles, one for the patient's, one for the scripts: joined in memory, no build.

The address carries the hash of the content, so browsers keep it for a year. While GLEDE_DEBUG is on,
each request reads the parts again.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

FOLDER = Path(__file__).parent / "static" / "ui"

_COMPONENTS = (
    "glyphs", "chip", "verb", "row", "matters", "stream", "composer", "fields", "choices", "day", "calendar", "steps",
    "undo", "palette", "sheet", "empty", "messages", "letter", "phone", "metric", "banners",
)  # fmt: skip
PARTS = {
    "staff.css": (
        "fonts", "reset", "tokens", "base", "layout", *(f"components/{name}" for name in _COMPONENTS),
        "pages", "desk", "door", "utilities", "narrow", "print",
    ),
    "patient.css": ("patient",),
    "paper.css": ("paper",),
    "staff.js": ("keys", "reach", "palette", "sheet", "undo", "draft", "composer", "hand", "refresh", "look",
        "fresh", "fill", "presence", "line", "kept", "came"),
    "diary.js": ("drag",),
    "worker.js": ("worker",),
}  # fmt: skip
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
_FONT = re.compile(r'url\("\.\./fonts/([\w.-]+)"\)')
_REMARK = re.compile(r"""\A/\*.*?\*/\n|[ \t]+// [^"'`\n]*$""", re.DOTALL | re.MULTILINE)


class UnknownBundle(LookupError):
    """There is no bundle of this name."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The joined bytes, the same gzipped, and the hash that stands in the address."""

    content: bytes
    zipped: bytes
    digest: str
    type: str


def load(name: str) -> Bundle:
    """Return the bundle ``name`` ("staff.css"). Raises ``UnknownBundle``."""
    if name not in PARTS:
        raise UnknownBundle(name)
    return _join(name) if settings.DEBUG else _joined(name)


@cache
def _joined(name: str) -> Bundle:
    return _join(name)


def _join(name: str) -> Bundle:
    kind = name.rpartition(".")[2]
    parts = [(FOLDER / kind / f"{part}.{kind}").read_text(encoding="utf-8") for part in PARTS[name]]
    if kind == "css":
        text = _FONT.sub(lambda found: f'url("{static("ui/fonts/" + found[1])}")', "\n".join(parts))
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    else:
        # each part keeps its names to itself, as a module of its own would; what it says of itself stays here
        text = "\n".join(f"{{\n{_REMARK.sub('', part)}}}" for part in parts)
    content = re.sub(r"\n\s*\n+", "\n", re.sub(r"^[ \t]+", "", text, flags=re.MULTILINE)).encode()
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Bundle(content, gzip.compress(content, 9, mtime=0), digest, TYPES[kind])
