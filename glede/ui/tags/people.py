"""Whom a line is about: chips, faces, their words, and how near the promise is."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from glede.ui.presenting import Matters, QueueRow, initials
from glede.ui.tags.glyphs import icon, time_ring
from glede.ui.urgency import Urgency

register = template.Library()


def _chip(inside: SafeString, urgency: Urgency | None, css: str) -> SafeString:
    level = urgency.level if urgency else "none"
    return format_html('<span class="chip {}{}" aria-hidden="true">{}{}</span>', level, css, time_ring(urgency), inside)


@register.simple_tag
def chip(name: str, urgency: Urgency | None = None, big: bool = False) -> SafeString:
    """Draw a person's initials on warm; the ring around them is the promise. The name itself stands beside it."""
    return _chip(format_html("<b>{}</b>", initials(name)), urgency, " big" if big else "")


@register.simple_tag
def thing_chip(icon_name: str, urgency: Urgency | None = None) -> SafeString:
    """Draw a thing (a job, an act) on cool, with the same ring."""
    return _chip(icon(icon_name), urgency, " thing")


@register.simple_tag
def face(name: str) -> SafeString:
    """Draw a colleague's disc: warm, without a ring."""
    return format_html('<span class="face" aria-hidden="true">{}</span>', initials(name))


@register.simple_tag
def due(urgency: Urgency | None) -> SafeString:
    """Draw the promise in words: late solid, soon pale, calm plain."""
    if urgency is None:
        return SafeString("")
    level = "" if urgency.level == "calm" else f" {urgency.level}"
    warning = format_html(" <small>{}</small>", urgency.warning) if urgency.warning else ""
    return format_html(
        '<time class="due{}{}" datetime="{}">{}{}</time>',
        level, " near" if urgency.is_near else "", urgency.due.isoformat(), urgency.words, warning,
    )  # fmt: skip


@register.simple_block_tag
def quote(content: str) -> SafeString:
    """Set a person's own words in warm, wherever they stand."""
    return format_html("<q>{}</q>", SafeString(content.strip()))


@register.inclusion_tag("ui/matters.html")
def matters(card: Matters) -> dict[str, Any]:
    """Draw "what matters to me"."""
    return {"card": card}


@register.inclusion_tag("ui/queue_row.html", takes_context=True)
def queue_row(context: template.Context, row: QueueRow, current: bool = False) -> dict[str, Any]:
    """Draw one row of a queue; ``current`` is the row that has the keys, and its verb the solid button."""
    return {"row": row, "current": current, "csrf_token": context.get("csrf_token")}
