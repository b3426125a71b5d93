"""Verbs, stream entries, sheets, empty states and other frames around a page's own words."""

import re
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from glede.ui.presenting import PaletteItem, Reason, Verb
from glede.ui.tags.glyphs import icon as glyph
from glede.ui.undo import SECONDS
from glede.ui.urgency import Urgency

register = template.Library()

SYSTEM = "Glede"  # what the system did by itself stays cool; warm is for people
_ADDRESS = re.compile(r"""(?<!["'=])(https?://[^\s<>"']*/)(?=[0-9A-Z]{8,}/)""")


def _foldable(content: str) -> SafeString:
    """Return the words with a place to fold before the code of a link, so that no "/" is left alone on a line."""
    return SafeString(_ADDRESS.sub(r"\1<wbr>", content.strip()))


def _render(template_name: str, context: template.Context | None, **values: Any) -> SafeString:
    if context is not None:
        values["csrf_token"] = context.get("csrf_token")
    return SafeString(render_to_string(template_name, values))


@register.simple_tag(takes_context=True)
def verb(
    context: template.Context, words: str | Verb, *, key: str = "", href: str = "", post: str = "", **flags: Any
) -> SafeString:
    """Draw a verb button: a link (``href``), a form of its own (``post``) or a submit button.

    Flags: go (the one solid button), bare, halt, disabled, icon, name, value, opens (a sheet's id),
    label (spoken where the words do not say whom), fields (hidden pairs of a form of its own).
    """
    if isinstance(words, Verb):
        given: dict[str, Any] = {"words": words.label, "key": words.key, "href": words.href, "post": words.post}
        given |= {"fields": words.fields, "icon": words.icon, "opens": words.opens}
    else:
        given = {"words": words, "key": key, "href": href, "post": post}
    return _render("ui/verb.html", context, **given | {"type": "submit"} | flags)


@register.simple_block_tag
def entry(
    content: str,
    kind: str,
    *,
    who: str = "",
    how: str = "",
    at: str = "",
    why: str = "",
    urgency: Urgency | None = None,
    focus: bool = False,
) -> SafeString:
    """Draw a line of the stream: said, did, sent, promised, or noted (by the system, nobody's act).

    With ``focus`` whoever had asked for it by the keyboard goes on reading here.
    """
    if kind == "did" and who == SYSTEM:
        kind = "noted"
    values = {"kind": kind, "who": who, "how": how, "at": at, "why": why, "urgency": urgency, "focus": focus}
    return _render("ui/entry.html", None, content=_foldable(content), **values)


@register.simple_block_tag
def sheet(content: str, id: str, title: str) -> SafeString:
    """Draw a dialog that ``data-opens`` opens; without JavaScript it stands open at its anchor."""
    return _render("ui/sheet.html", None, id=id, title=title, content=SafeString(content))


@register.simple_block_tag
def empty(content: str, title: str = "") -> SafeString:
    """Draw an empty state: what is true, and what fills it."""
    return _render("ui/empty.html", None, title=title, content=SafeString(content.strip()))


@register.simple_block_tag
def bubble(content: str, *, mine: bool = False, at: str = "", lang: str = "") -> SafeString:
    """Draw a message as the phone shows it; ``mine`` is what the person wrote."""
    return _render("ui/bubble.html", None, mine=mine, at=at, lang=lang, content=SafeString(content.strip()))


@register.simple_block_tag
def phone_frame(content: str, title: str, src: str = "") -> SafeString:
    """Draw a phone around messages, or around the real page at ``src`` of our own origin."""
    return _render("ui/phone_frame.html", None, title=title, src=src, content=SafeString(content))


@register.simple_tag(takes_context=True)
def undo_bar(context: template.Context, words: str, post: str) -> SafeString:
    """Draw the bar that takes the last act back (key z); pages use glede.ui.undo.offer instead."""
    return _render("ui/undo_bar.html", context, words=words, post=post, seconds=SECONDS)


@register.inclusion_tag("ui/palette_items.html")
def palette_items(items: list[PaletteItem]) -> dict[str, Any]:
    """Draw what the palette found."""
    return {"items": items}


@register.inclusion_tag("ui/why.html")
def why(reasons: list[Reason]) -> dict[str, Any]:
    """Draw the reasons of a message, from the row of the journey to what holds it."""
    return {"reasons": reasons}


@register.simple_block_tag
def fate(content: str, level: str = "", icon: str = "check") -> SafeString:
    """Draw the fate of a message: a shape and a word; ``level`` late or soon makes it solid or pale."""
    return format_html(
        '<span class="fate{}">{}<span>{}</span></span>',
        f" {level}" if level else "", glyph(icon), SafeString(content.strip()),
    )  # fmt: skip
