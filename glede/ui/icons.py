"""The line icons: Lucide (ISC, glede/ui/icons/LICENSE.txt), drawn into the page, no request of their own."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "icons"
_INSIDE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


class UnknownIcon(LookupError):
    """No icon of this name lies in the folder."""


@cache
def shapes(name: str) -> str:
    """Return the shapes of the icon ``name``, for a 24-unit view box. Raises ``UnknownIcon``."""
    file = FOLDER / f"{name}.svg"
    if not file.is_file():
        raise UnknownIcon(name)
    found = _INSIDE.search(file.read_text(encoding="utf-8"))
    if found is None:
        raise UnknownIcon(name)
    return re.sub(r"\s+", " ", found[1]).replace(" />", "/>").strip()
