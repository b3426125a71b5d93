"""What a mail system says of a mail that did not arrive: whose, why, and which of ours it was. Pure.

The fields of RFC 3464 where they stand, else the wordings that flufl.bounce knows. How sure we are of a reason:
docs/mail.md#mail-that-came-back.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from enum import StrEnum
from typing import Final

from flufl.bounce import all_failures

from glede.channels.mailbox.letter import AnyMessage, addresses_in, header, leaves, refs_in, text_of
from glede.channels.mailbox.notices import Notice, read_notice
from glede.kernel.contact import email_key

_SENDERS: Final = re.compile(r"\b(?:mailer-daemon|postmaster|poostmaster|mail-daemon|maildaemon)\b", re.IGNORECASE)
_SUBJECTS: Final = re.compile(
    r"undeliver|not delivered|delivery (?:status|fail|notification|report|problem|has failed)|delivery.{0,20}failed|"
    r"returned mail|returning (?:mail|message|to sender)|failure notice|mail delivery|mail failed|could not be "
    r"delivered|mail system error|warning: .{0,40}(?:could not|delayed)|kunne ikke leveres|ikke levert|uleverbar",
    re.IGNORECASE,
)
_NOBODY: Final = re.compile(
    r"(?:user|mailbox|recipient|address|account|inbox)\W.{0,60}(?:unknown|not found|n[o']t exist|no such|disabled|"
    r"inactive|unavailable\W.{0,20}5\.1|not available|rejected|invalid)|"
    r"no such (?:user|recipient|mailbox|person|address)|unknown (?:user|recipient|local)|user unknown|"
    r"does ?n[o']t exist|doesn't have a|no mailbox here|"
    r"not our customer|no longer (?:valid|on server)|\b5\.1\.(?:1|2|3|6|10)\b|\b5\.2\.1\b",
    re.IGNORECASE,
)
_FULL: Final = re.compile(r"quota|mailbox (?:is )?full|over.?quota|\b[45]\.2\.2\b|\b552\b", re.IGNORECASE)
_THEIR_POLICY: Final = re.compile(r"\b5\.7\.\d|blacklist|blocklist|reputation", re.IGNORECASE)
_POLICY: Final = re.compile(r"spam|blacklist|blocklist|blocked|reputation|policy|dmarc|\bspf\b", re.IGNORECASE)
_GONE: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
_REF: Final = re.compile(r"(?im)^[\s>]*message-id:\s*(<[^<>\s]{3,250}>)")
_TO: Final = re.compile(r"(?im)^[\s>]*to:[ \t]*([^\n]{3,300})")
_TEXT_MOST: Final = 200_000

# A detector that trips over a mail says so with the mail in its traceback; logs hold no mail.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)


class Came(StrEnum):
    """What came of a mail. GONE: no such address. POLICY: they do not want mail from us. FAILED: not this time."""

    GONE = "gone"
    POLICY = "policy"
    FAILED = "failed"
    DELAYED = "delayed"


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that came back. ``failed`` are the addresses it speaks of, ``known_as`` all under which we may know them.

    ``refs`` are the Message-IDs that stand in it; one of them may be of a mail of ours.
    """

    came: Came
    failed: tuple[str, ...]
    known_as: tuple[str, ...]
    refs: tuple[str, ...]
    words: str


def is_complaint(message: AnyMessage) -> bool:
    """Return True for the report that a reader called our mail unwanted (RFC 5965)."""
    return _report_type(message) == "feedback-report"


def read_complaint(message: AnyMessage) -> Bounce:
    """Return whose complaint it is, as far as the report says."""
    return Bounce(Came.POLICY, (), *_told(message, ()), "complaint")


def read_bounce(message: AnyMessage) -> Bounce | None:
    """Return what came back, or None where this mail says nothing of the kind."""
    notice = read_notice(_text(message))
    if notice is not None:
        return _noticed(notice)
    fields = [one for part in _reports(message) for one in _recipients(part)]
    is_report = bool(fields) or _report_type(message) == "delivery-status"
    if not is_report and not _looks_returned(message):
        return None
    if fields and all(one.get("action", "") in {"delivered", "relayed", "expanded"} for one in fields):
        return None  # a receipt: it arrived
    temporary, permanent = _flufl(message)
    told = [email_key(_bare(one.get("final-recipient", ""))) for one in fields]
    named = permanent or temporary or tuple(key for key in told if key) or _named(message)
    known_as, refs = _told(message, (*named, *(_bare(one.get("original-recipient", "")) for one in fields)))
    if not is_report and not named and not refs:
        return None
    words = " ".join(" ".join((one.get("status", ""), one.get("diagnostic-code", ""))) for one in fields)
    text = words if words.strip() else _text(message)
    came = _came(fields, text, only_temporary=bool(temporary and not permanent))
    return Bounce(came, named, known_as, refs, words.strip()[:300])


def _noticed(notice: Notice) -> Bounce:
    keys = tuple(dict.fromkeys(key for address in notice.addresses if (key := email_key(address))))
    words = " ".join(f"{one['status']} {one['diagnostic-code']}" for one in notice.fields).strip()
    came = _came(notice.fields, words, only_temporary=notice.is_temporary)
    return Bounce(came, keys, keys, notice.refs, words[:300])


def _came(fields: Sequence[dict[str, str]], text: str, *, only_temporary: bool) -> Came:
    if only_temporary or (fields and all(one.get("action") == "delayed" for one in fields)):
        return Came.DELAYED
    statuses = {one.get("status", "").split(" ")[0] for one in fields}
    if _THEIR_POLICY.search(text):
        return Came.POLICY  # it says more about us than about the address
    if statuses & _GONE:
        return Came.GONE
    if _FULL.search(text):
        return Came.FAILED
    if any(status.startswith("4") for status in statuses):
        return Came.FAILED
    if _NOBODY.search(text):
        return Came.GONE
    return Came.POLICY if _POLICY.search(text) else Came.FAILED


def _looks_returned(message: AnyMessage) -> bool:
    if header(message, "X-Failed-Recipients"):
        return True
    is_from_machine = bool(_SENDERS.search(header(message, "From"))) or header(message, "From").strip() in {"", "<>"}
    is_to_nobody = header(message, "Return-Path").strip() in {"<>", "<MAILER-DAEMON>"}
    is_named_so = bool(_SUBJECTS.search(header(message, "Subject")))
    return is_from_machine or (is_to_nobody and is_named_so) or (is_named_so and any(_flufl(message)))


def _flufl(message: AnyMessage) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the addresses that flufl.bounce finds: those to be tried again, and those that failed for good."""
    try:
        temporary, permanent = all_failures(message)
    except (ValueError, LookupError, TypeError, AttributeError, MessageError, AssertionError):
        return (), ()
    return _keys(temporary), _keys(permanent)


def _keys(found: Sequence[bytes] | frozenset[bytes]) -> tuple[str, ...]:
    bare = (email_key(one.decode("ascii", "replace")) for one in found)
    return tuple(sorted({key for key in bare if key}))


def _named(message: AnyMessage) -> tuple[str, ...]:
    return tuple(addresses_in(header(message, "X-Failed-Recipients")))


def _report_type(message: AnyMessage) -> str:
    try:
        told = message.get_param("report-type") if message.get_content_type() == "multipart/report" else ""
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    return told.lower() if isinstance(told, str) else ""


def _reports(message: AnyMessage) -> Iterator[AnyMessage]:
    return (part for part in leaves(message) if part.get_content_type() == "message/delivery-status")


def _recipients(part: AnyMessage) -> Iterator[dict[str, str]]:
    """Yield the fields told of each recipient, their names in small letters."""
    inner = part.get_payload()
    for block in inner if isinstance(inner, list) else ():
        if isinstance(block, Message):
            fields = {str(key).lower(): " ".join(header(block, str(key)).split()) for key in block}
            fields["action"] = fields.get("action", "").lower().split(" ")[0]
            if "final-recipient" in fields or "original-recipient" in fields:
                yield fields


def _bare(told: str) -> str:
    """``rfc822; name@example.org`` → the address."""
    return told.rpartition(";")[2].strip().strip("<>")


def _told(message: AnyMessage, named: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return all addresses and all Message-IDs that stand in the report and in what was returned with it."""
    text = _text(message)
    returned = [address for line in _TO.findall(text) for address in addresses_in(line)]
    known = [*named, *_named(message), *returned]
    keys = dict.fromkeys(key for address in known if (key := email_key(address)))
    refs = [*_REF.findall(text), *refs_in(header(message, "In-Reply-To")), *refs_in(header(message, "References"))]
    return tuple(keys)[:20], tuple(dict.fromkeys(refs))[:20]


def _text(message: AnyMessage) -> str:
    """Return everything below the mail's own header, as text."""
    pieces: list[str] = []
    for part in leaves(message):
        inner = part.get_payload()
        if isinstance(inner, list):
            with suppress(ValueError, LookupError, TypeError, AttributeError, MessageError):
                pieces += [str(one.as_bytes(), "utf-8", "replace") for one in inner if isinstance(one, Message)]
        else:
            pieces.append(text_of(part))
    return "\n".join(pieces)[:_TEXT_MOST]
