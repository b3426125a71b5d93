"""The catalogues of words: gathered from a room's code and templates, kept as .po, made into .mo.

The msgids are English; each room keeps its Norwegian in locale/nb. No gettext programs are needed.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from typing_extensions import override

PACKAGE = Path(__file__).resolve().parents[1]
LANGUAGES = ("nb",)
_KEYWORDS: dict[str, Any] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
# a catalogue changes with its words, not with the hour in which somebody gathered them
_DATE = datetime(2026, 11, 1, tzinfo=UTC)

Key = tuple[str | None, str]  # context, msgid (the singular)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a catalogue: where, which msgid, and what."""

    catalogue: Path
    msgid: str
    what: str

    @override
    def __str__(self) -> str:
        return f"{self.catalogue.relative_to(PACKAGE.parent)}: {self.what}: {self.msgid!r}"


def rooms() -> list[str]:
    """Return the rooms that say anything, in order of name."""
    return sorted(folder.name for folder in PACKAGE.iterdir() if folder.is_dir() and gather(folder.name))


def catalogue_of(room: str, language: str = "nb") -> Path:
    """Return the path of a room's .po."""
    return PACKAGE / room / "locale" / language / "LC_MESSAGES" / "django.po"


def gather(room: str) -> dict[Key, str | tuple[str, str]]:
    """Return every msgid of ``room`` by its key; tests and migrations say nothing to users."""
    found: dict[Key, str | tuple[str, str]] = {}
    for path in sorted((PACKAGE / room).rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or {"tests", "migrations", "locale"} & set(path.parts):
            continue
        if path.suffix == ".txt" and "templates" not in path.parts:
            continue
        for msgid, context in _words_of(path):
            key = (context, msgid if isinstance(msgid, str) else msgid[0])
            if key[1] and not isinstance(found.get(key), tuple):
                found[key] = msgid
    return found


def _words_of(path: Path) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation import templatize

        # what templatize leaves of a template is calls among blanks; without indents Python can read it
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    for _line, words, _notes, context in extract("python", io.BytesIO(text.encode()), keywords=_KEYWORDS):
        yield (words if isinstance(words, str) else (words[0], words[1])), context


def update(room: str, language: str = "nb") -> Path | None:
    """Bring a room's .po up to its words: new ones empty, lost ones out. None where the room says nothing."""
    words = gather(room)
    path = catalogue_of(room, language)
    if not words:
        return None
    old = _by_key(read(path)) if path.is_file() else {}
    catalogue = Catalog(
        locale=language, project="Glede", version="0", msgid_bugs_address="", last_translator="Glede",
        language_team=language, creation_date=_DATE, revision_date=_DATE, fuzzy=False,
        header_comment=f"# The words of {room} in Norwegian Bokmål.",
    )  # fmt: skip
    for key, msgid in sorted(words.items(), key=lambda item: (item[0][1], item[0][0] or "")):
        kept = old.get(key)
        fits = kept is not None and isinstance(kept.string, tuple | list) == isinstance(msgid, tuple)
        catalogue.add(msgid, kept.string if kept is not None and fits else None, context=key[0])
    out = io.BytesIO()
    write_po(out, catalogue, width=120, no_location=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out.getvalue())
    return path


def compile_room(room: str, language: str = "nb") -> Path | None:
    """Write a room's .mo beside its .po."""
    path = catalogue_of(room, language)
    if not path.is_file():
        return None
    made = path.with_suffix(".mo")
    with made.open("wb") as file:
        write_mo(file, read(path))
    return made


def read(path: Path) -> Catalog:
    """Return the catalogue at ``path``."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def check(of: list[str] | None = None) -> list[Flaw]:
    """Return what keeps rooms (all, unless named) from a language: words missing, unsure, with other placeholders."""
    return [flaw for room in of or rooms() for language in LANGUAGES for flaw in _check_room(room, language)]


def _check_room(room: str, language: str) -> Iterator[Flaw]:
    path = catalogue_of(room, language)
    have = _by_key(read(path)) if path.is_file() else {}
    for key, msgid in gather(room).items():
        message = have.get(key)
        if message is None or not all(_strings(message)):
            yield Flaw(path, key[1], "not translated")
        elif message.fuzzy:
            yield Flaw(path, key[1], "unsure (fuzzy)")
        elif not _placeholders_fit(msgid, message):
            yield Flaw(path, key[1], "other placeholders")


def _by_key(catalogue: Catalog) -> dict[Key, Message]:
    return {
        (message.context, message.id if isinstance(message.id, str) else message.id[0]): message
        for message in catalogue
        if message.id
    }


def _strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)


def _placeholders_fit(msgid: str | tuple[str, str], message: Message) -> bool:
    allowed = {name for part in ([msgid] if isinstance(msgid, str) else msgid) for name in _PLACEHOLDER.findall(part)}
    found = [set(_PLACEHOLDER.findall(string)) for string in _strings(message)]
    return all(names <= allowed for names in found) and (not isinstance(msgid, str) or found[0] == allowed)
