"""A kept mail as words: what its writer says, and which files came along."""

from __future__ import annotations

import json

from django.utils.translation import gettext, ngettext, override

from glede.channels.mailbox.letter import AnyMessage, Letter, Unreadable, parse, read_letter
from glede.channels.mailbox.provided import NotAMail, from_postmark
from glede.channels.mailbox.values import Form
from glede.channels.models import RawMail
from glede.outbox.optout import OptOut, classify
from glede.practices.models import Practice
from glede.practices.sealing import unseal

WORDS_MOST = 9_000


def message_of(row: RawMail) -> AnyMessage:
    """Return a kept mail, parsed. Raises ``Unreadable``, and ``NotAMail`` where a provider told of something else."""
    raw = unseal(row.sealed) if row.sealed is not None else b""
    if not raw.strip():
        raise Unreadable("nothing is there")
    if row.form != Form.POSTMARK:
        return parse(raw)
    try:
        return from_postmark(json.loads(raw))
    except NotAMail:
        raise
    except (ValueError, RecursionError) as error:
        raise Unreadable("no JSON") from error


def words_of(row: RawMail, practice: Practice) -> str:
    """Return what a colleague is shown of a kept mail; of one that cannot be read, that it cannot."""
    try:
        return shown_words(read_letter(message_of(row)), practice, is_cut=row.is_cut, size=row.size)
    except (NotAMail, Unreadable):
        with override(_tongue(practice)):
            return gettext("(This mail cannot be read here. It lies in the mailbox as it came.)")


def shown_words(letter: Letter, practice: Practice, *, is_cut: bool = False, size: int = 0) -> str:
    """Return subject, text and files of a mail in one; the subject only where it is new.

    A refusal stands alone, so that it is heard as one.
    """
    parts = said(letter)
    if letter.words and classify(letter.words) is OptOut.HARD and not letter.attached:
        parts = (letter.words,)
    with override(_tongue(practice)):
        files = ", ".join(f"{one.name} ({_size(one.size)})" for one in letter.attached[:10])
        more = [
            ngettext("%(n)s attachment: %(files)s", "%(n)s attachments: %(files)s", len(letter.attached))
            % {"n": len(letter.attached), "files": files}
            if letter.attached
            else "",
            gettext("(A mail of %(size)s is too big to be kept here. Read it in the mailbox.)") % {"size": _size(size)}
            if is_cut
            else "",
        ]
        words = "\n\n".join(parts)
        if len(words) > WORDS_MOST:
            words = f"{words[:WORDS_MOST]}…\n\n" + gettext("(The rest stands in the mail.)")
        return "\n\n".join(filter(None, (words, *more))) or gettext("(an empty mail)")


def said(letter: Letter) -> tuple[str, ...]:
    """Return what its writer says: the subject where it is a new one, and the text."""
    subject = "" if letter.is_answer or letter.subject == letter.words else letter.subject
    return tuple(filter(None, (subject, letter.words)))


def _size(count: int) -> str:
    return f"{count / 1_048_576:.1f} MB" if count >= 1_048_576 else f"{max(1, round(count / 1024))} kB"


def _tongue(practice: Practice) -> str:
    return "nb" if practice.language[:2] in {"nb", "nn", "no"} else "en"
