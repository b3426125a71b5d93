"""The lines of a calendar as components, as far as they can be read; a broken line costs itself alone. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from icalendar.parser import Contentline

from glede.calendars.reading.values import Finding, Unreadable

SIZE_MOST: Final = 10_000_000
LINES_MOST: Final = 300_000
LENGTH_MOST: Final = 100_000
DEPTH_MOST: Final = 8
FINDINGS_MOST: Final = 200

# What busy times are made of. Titles, places, guests and descriptions are not read at all.
WANTED: Final = frozenset({
    "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "STATUS", "TRANSP",
    "SEQUENCE", "X-MICROSOFT-CDO-BUSYSTATUS", "FREEBUSY", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "X-LIC-LOCATION",
    "X-WR-TIMEZONE",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Property:
    """One line: its value as written, and its parameters by name in capitals."""

    name: str
    value: str
    params: dict[str, str]
    line: int


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END."""

    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    inside: list["Component"] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        """Return the first property of a name."""
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[Property]:
        """Yield the properties of a name."""
        return (one for one in self.properties if one.name == name)

    def text(self, name: str) -> str:
        """Return the value of the first property of a name in capitals, or ""."""
        found = self.first(name)
        return found.value.strip().upper() if found else ""


def components(content: bytes, findings: list[Finding]) -> list[Component]:
    """Return the calendars of a file. Raises ``Unreadable`` where there is none, or more of it than is read."""
    if len(content) > SIZE_MOST:
        raise Unreadable("too_big")
    root = Component("", 0)
    stack = [root]
    for number, line in _unfolded(_text(content, findings)):
        head = line[:6].upper()
        if head == "BEGIN:":
            _begin(stack, Component(line[6:].strip().upper()[:40], number))
        elif line[:4].upper() == "END:":
            _end(stack, line[4:].strip().upper()[:40], number, findings)
        else:
            _add(stack[-1], line, number, findings)
    if len(stack) > 1:
        note(findings, Finding("not_ended", stack[-1].line, stack[-1].name))
    found = [one for one in root.inside if one.name == "VCALENDAR"]
    loose = [one for one in root.inside if one.name in {"VEVENT", "VFREEBUSY"}]
    if not found and not loose:
        raise Unreadable("empty" if not content.strip() else "no_calendar")
    if loose:
        note(findings, Finding("no_frame", loose[0].line))
        found.append(Component("VCALENDAR", loose[0].line, inside=loose))
    return found


def note(findings: list[Finding], finding: Finding) -> None:
    """Add a finding, up to as many as anybody reads."""
    if len(findings) < FINDINGS_MOST:
        findings.append(finding)


def _text(content: bytes, findings: list[Finding]) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        note(findings, Finding("encoding"))
        encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "cp1252"
        return content.decode(encoding, errors="replace")


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield (number of its first line, line), what was folded made whole, blank lines left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > LINES_MOST:
        raise Unreadable("too_many_lines")
    parts: list[str] = []
    began = 0
    for number, line in enumerate(lines, start=1):
        if line[:1] in {" ", "\t"} and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield began, "".join(parts)
        parts, began = ([line] if line.strip() else []), number
    if parts:
        yield began, "".join(parts)


def _begin(stack: list[Component], component: Component) -> None:
    if len(stack) > DEPTH_MOST:
        raise Unreadable("too_deep")
    stack[-1].inside.append(component)
    stack.append(component)


def _end(stack: list[Component], name: str, number: int, findings: list[Finding]) -> None:
    names = [one.name for one in stack]
    if name not in names[1:]:
        note(findings, Finding("ends_nothing", number, name))
        return
    while stack[-1].name != name:
        note(findings, Finding("not_ended", stack[-1].line, stack[-1].name))
        stack.pop()
    stack.pop()


def _add(component: Component, line: str, number: int, findings: list[Finding]) -> None:
    name = line.replace(":", ";", 1).partition(";")[0].strip().upper()
    if name not in WANTED:
        return
    if len(line) > LENGTH_MOST:
        note(findings, Finding("line_too_long", number, name))
        return
    try:
        _name, params, value = Contentline(line).parts()  # type: ignore[no-untyped-call]
    except ValueError:
        note(findings, Finding("line", number, name))
        component.properties.append(Property("BROKEN", name, {}, number))
        return
    said = {key.upper(): one if isinstance(one, str) else ",".join(map(str, one)) for key, one in params.items()}
    component.properties.append(Property(name, value, said, number))
