"""A mail as values: who, about what, in which words, with which files. Pure; a mail is never believed, only read.

Headers and encodings of real mails are broken in many ways, so each part is read for itself and what cannot be read
is left out. What makes no sense at all raises ``Unreadable``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from glede.channels.mailbox.html import words_of_html
from glede.channels.mailbox.quotes import own_words
from glede.kernel.contact import email_key

TEXT_MOST: Final = 100_000
SUBJECT_MOST: Final = 300
REFS_MOST: Final = 30
_PARTS_MOST: Final = 200
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff]")
_REF: Final = re.compile(r"<[^<>\s]{3,250}>")
_AGAIN: Final = re.compile(r"\s*(?:re|sv|vs|aw|ref|fw|fwd|vb|wg)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_BROKEN: Final = (ValueError, LookupError, TypeError, AttributeError, MessageError)
if TYPE_CHECKING:
    AnyMessage = Message[Any, Any]
else:
    AnyMessage = Message


class Unreadable(ValueError):
    """No sense can be made of these bytes as a mail."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came along: its name as the sender wrote it, and its size in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, read. ``sender`` is one address in normal form, or "" where none or several stand there.

    ``words`` are the writer's own, ``whole`` with what they answer; ``answers`` the Message-IDs it answers, the
    nearest first.
    """

    sender: str
    written_from: str
    subject: str
    words: str
    whole: str
    attached: tuple[Attached, ...]
    message_ref: str
    answers: tuple[str, ...]
    is_answer: bool
    dated_at: datetime | None


def parse(raw: bytes) -> EmailMessage:
    """Return the mail as the standard library sees it. Raises ``Unreadable``."""
    try:
        return message_from_bytes(raw, policy=policy.default)
    except (*_BROKEN, RecursionError) as error:
        raise Unreadable(type(error).__name__) from error


def read_letter(message: AnyMessage) -> Letter:
    """Return a mail as values. Raises ``Unreadable``."""
    try:
        whole = _whole(message)
        subject = " ".join(header(message, "Subject").split())[:SUBJECT_MOST]
        refs = refs_in(header(message, "In-Reply-To")) + refs_in(header(message, "References"))[::-1]
        return Letter(
            sender=sender_of(message),
            written_from=" ".join(header(message, "From").split())[:254],
            subject=subject,
            words=own_words(whole),
            whole=whole,
            attached=tuple(_attached(message)),
            message_ref=next(iter(refs_in(header(message, "Message-ID"))), ""),
            answers=tuple(dict.fromkeys(refs))[:REFS_MOST],
            is_answer=bool(refs) or bool(_AGAIN.match(subject)),
            dated_at=_dated(header(message, "Date")),
        )
    except RecursionError as error:
        raise Unreadable("too deep") from error


def header(message: AnyMessage, name: str) -> str:
    """Return a header decoded, or "" where it is missing or cannot be read at all."""
    try:
        return _seen(str(message.get(name, "")))
    except _BROKEN:
        pass
    bare = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    try:
        return _seen(str(make_header(decode_header(bare))))
    except _BROKEN:
        return _seen(bare)


def sender_of(message: AnyMessage) -> str:
    """Return the one address a mail says it is from, or "". Of several the one that ``Sender`` names."""
    found = addresses_in(header(message, "From"))
    if len(found) > 1:
        named = addresses_in(header(message, "Sender"))
        found = [one for one in found if one in named]
    return found[0] if len(found) == 1 else ""


def addresses_in(text: str) -> list[str]:
    """Return the addresses in a header, each once, in the form they are compared in."""
    try:
        pairs = getaddresses([text])
    except _BROKEN:
        return []
    bare = [email_key(address) for _, address in pairs]
    return list(dict.fromkeys(address for address in bare if address))


def refs_in(text: str) -> list[str]:
    """Return the Message-IDs in a header."""
    return _REF.findall(text[:20_000])


def leaves(message: AnyMessage) -> Iterator[AnyMessage]:
    """Yield the parts of a mail that hold something; another mail inside it is one part."""
    waiting, seen = [message], 0
    while waiting and seen < _PARTS_MOST:
        part, seen = waiting.pop(0), seen + 1
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting[:0] = [one for one in inner if isinstance(one, Message)]
        else:
            yield part


def _whole(message: AnyMessage) -> str:
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    for part in leaves(message):
        kind = part.get_content_type()
        if kind in texts and not _is_file(part):
            texts[kind].append(text_of(part))
    plain = "\n\n".join(filter(None, (text.strip() for text in texts["text/plain"])))
    found = plain or "\n\n".join(words_of_html(text) for text in texts["text/html"])
    return _seen(found)[:TEXT_MOST].strip()


def text_of(part: AnyMessage) -> str:
    """Return the text of a part in whatever encoding it turns out to have."""
    try:
        found = part.get_payload(decode=True)
    except _BROKEN:
        return str(part.get_payload())
    content = found if isinstance(found, bytes) else b""
    for charset in (_charset(part), "utf-8", "cp1252"):
        try:
            return content.decode(charset).replace("\r\n", "\n")
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1").replace("\r\n", "\n")


def _charset(part: AnyMessage) -> str:
    try:
        return part.get_content_charset() or "utf-8"
    except _BROKEN:
        return "utf-8"


def _is_file(part: AnyMessage) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_file_name(part))


def _file_name(part: AnyMessage) -> str:
    try:
        return str(part.get_filename() or "")
    except _BROKEN:
        return ""


def _attached(message: AnyMessage) -> Iterator[Attached]:
    for part in leaves(message):
        kind = part.get_content_type()
        if not _is_file(part) and (kind in {"text/plain", "text/html"} or part.get_content_maintype() == "multipart"):
            continue
        name = " ".join(_seen(_file_name(part)).split()) or kind
        yield Attached(name[:100], _size(part))


def _size(part: AnyMessage) -> int:
    try:
        content = part.get_payload(decode=True)
    except _BROKEN:
        content = None
    return len(content) if isinstance(content, bytes) else len(str(part.get_payload()))


def _dated(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (*_BROKEN, OverflowError):
        return None


def _seen(text: str) -> str:
    """Drop signs nobody sees, and halves of letters that no database takes."""
    return _UNSEEN.sub("", text).encode("utf-8", "replace").decode("utf-8")
