"""Small helpers of the desk's templates."""

from typing import Any

from django import template

from glede.channels.mailapi.accounts import mail_card
from glede.channels.mailbox.accounts import mailbox_card
from glede.channels.sms.accounts import account_card
from glede.desk.channels import email, mailbox
from glede.desk.channels import views as texts
from glede.desk.colleagues.thanking import Line, lines_for_today
from glede.desk.settings.forms import ROLES
from glede.desk.today import card as cards
from glede.promises.queries import away
from glede.staff.queries import Colleague, colleagues

register = template.Library()


@register.simple_tag
def reply_fields(card: cards.Card) -> list[tuple[str, Any]]:
    """Return the hidden fields of a reply: which message it answers, and the id of this form."""
    return [("answers_to", card.last_n), ("command", card.command)]


@register.simple_tag
def texts_sentence(practice: Any) -> str:
    """Return by what texts leave."""
    return texts.sentence(account_card(practice.pk), practice)


@register.simple_tag
def email_sentence(practice: Any) -> str:
    """Return by what mail leaves."""
    return email.sentence(mail_card(practice.pk))


@register.simple_tag
def mail_sentence(practice: Any) -> str:
    """Return what becomes of mail that comes in."""
    return mailbox.sentence(mailbox_card(practice.pk), practice)


@register.simple_tag
def no_reply_reasons() -> list[tuple[str, Any]]:
    """Return the reasons for which nobody needs a written answer."""
    return cards.no_reply_reasons()


@register.simple_tag
def person_fields(talk: Any, command: Any) -> list[tuple[str, Any]]:
    """Return the hidden fields of a message to a person."""
    return [("answers_to", talk.last_n), ("command", command)]


@register.filter
def major(minor_units: int) -> str:
    """Return an amount in whole units as it is written in a field: 890, 45.50."""
    whole, rest = divmod(minor_units, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


@register.simple_tag
def role_name(role: str) -> str:
    """Return the name of a role in the reader's language."""
    return str(dict(ROLES).get(role, role))


@register.simple_tag
def thanked_today(request: Any) -> list[Line]:
    """Return what the reader was thanked for and has not read yet."""
    return lines_for_today(request)


@register.simple_tag
def is_away(request: Any) -> bool:
    """Return True where the reader is away from the desk."""
    return request.membership.pk in away(request.practice.pk)


@register.simple_tag
def seats(request: Any) -> list[Colleague]:
    """Return the colleagues of the demonstration in whose seat the reader does not sit."""
    return [c for c in colleagues(request.practice.pk) if c.membership_id != request.membership.pk]
