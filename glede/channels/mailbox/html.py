"""The words of an HTML mail, without its markup. Pure; what comes out is text and is escaped like any other."""

from __future__ import annotations

from html.parser import HTMLParser

MOST = 2_000_000
"""Signs of HTML that are read; what follows is somebody's pictures."""

_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})
_LINES = frozenset(
    {"p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "hr", "pre", "blockquote"}
)


class _Reader(HTMLParser):
    """Gathers lines; what stands in a quotation begins with ``> ``, as in a plain mail."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self._silent = 0
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, a quotation, or what nobody reads."""
        self._silent += tag in _SILENT
        self._break(tag)
        self._quoted += tag == "blockquote"

    def handle_endtag(self, tag: str) -> None:
        """End what was begun; an end without a beginning is nothing."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        if tag != "br":
            self._break(tag)
        if tag == "p":
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        """Add words to the line."""
        if self._silent:
            return
        words = " ".join(data.split())
        if data[:1].isspace() and self.lines[-1]:
            words = f" {words}"
        if data[-1:].isspace() and words.strip():
            words = f"{words} "
        if words.strip() and not self.lines[-1] and self._quoted:
            words = f"> {words.lstrip()}"
        self.lines[-1] += words if self.lines[-1] else words.lstrip()

    def _break(self, tag: str) -> None:
        if tag in _LINES and (self.lines[-1] or tag == "br"):
            self.lines.append("")


def words_of_html(html: str) -> str:
    """Return what a reader of ``html`` sees, line by line."""
    reader = _Reader()
    reader.feed(html[:MOST])
    reader.close()
    text = "\n".join(" ".join(line.split()) for line in reader.lines)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()
