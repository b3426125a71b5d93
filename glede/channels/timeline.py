"""The events of mails in the words of a person's stream."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from glede.channels import events


def words(kind: str, data: dict[str, Any], language: str = "") -> str | None:
    """One line about a mail, in the active language; None for an event that has no line."""
    return _lines().get(kind)


def kinds() -> frozenset[str]:
    """Return the kinds of events that have words here."""
    return frozenset(_lines())


def _lines() -> dict[str, str]:
    return {
        events.MAIL_AUTOMATIC: _("An automatic answer came by e-mail. Nobody needs to answer it."),
        events.MAIL_RETURNED: _("An e-mail came back: it did not arrive."),
        events.MAIL_DELAYED: _("An e-mail is delayed on its way; their mail system goes on trying."),
        events.MAIL_COMPLAINED: _("They called an e-mail of ours unwanted. They get nothing more but care."),
        events.MAIL_HELD: _("An e-mail of theirs is held for a colleague."),
        events.MAIL_OPENED: _("A colleague opened an e-mail of theirs."),
        events.MAIL_PLACED: _("A colleague said that an e-mail was theirs."),
        events.MAIL_CLOSED: _("A colleague found nothing to answer in an e-mail of theirs."),
    }
