"""Icon, logo, Iris and the ring of time left: drawn as inline SVG, no sprite to wait for."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from glede.ui import blades, icons
from glede.ui.urgency import Urgency

register = template.Library()

STEPS = (
    pgettext_lazy("step", "Discover"), pgettext_lazy("step", "Enquire"), pgettext_lazy("step", "Book"),
    pgettext_lazy("step", "Prepare"), pgettext_lazy("step", "Remind"), pgettext_lazy("step", "Visit"),
    pgettext_lazy("step", "Choose"), pgettext_lazy("step", "Collect"), pgettext_lazy("step", "Aftercare"),
    pgettext_lazy("step", "Belong"),
)  # fmt: skip


@register.filter
def step_name(step: int) -> str:
    """Return the name of one of the ten steps in the active language."""
    return str(STEPS[step - 1])


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw the icon ``name``; with a ``label`` it speaks, without one it is decoration."""
    shapes = mark_safe(icons.shapes(name))  # noqa: S308 - files of our own folder
    if label:
        return format_html('<svg class="ico" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, shapes)
    return format_html('<svg class="ico" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', shapes)


def _path(shape: str, css: str, first: int, count: int) -> SafeString:
    if not count:
        return SafeString("")
    return format_html(
        '<path class="{}" stroke-width="{}" stroke-linejoin="round" d="{}"/>',
        css, blades.STROKES[shape], blades.outline(shape, first, count),
    )  # fmt: skip


def _svg(size: int, label: str, inside: SafeString) -> SafeString:
    if label:
        return format_html(
            '<svg class="iris" width="{0}" height="{0}" viewBox="0 0 40 40" role="img" aria-label="{1}">{2}</svg>',
            size, label, inside,
        )  # fmt: skip
    return format_html(
        '<svg class="iris" width="{0}" height="{0}" viewBox="0 0 40 40" aria-hidden="true">{1}</svg>', size, inside
    )


@register.simple_tag
def logo(size: int = 32) -> SafeString:
    """Draw the mark: ten blades, the one at two o'clock warm, daylight in an eye."""
    return _svg(
        size, "", _path("blade", "on", 0, 1) + _path("blade", "now", 1, 1) + _path("blade", "on", 2, blades.BLADES - 2)
    )


@register.simple_tag
def iris(step: int, size: int = 40, number: bool = False, label: str = "") -> SafeString:
    """Draw where a person stands: ``step`` 1 to 10; the place is warm, what lies behind is drawn."""
    spoken = label or _("Step %(step)d of 10: %(name)s") % {"step": step, "name": step_name(step)}
    drawn = (
        _path("blade", "on", 0, step - 1)
        + _path("blade", "now", step - 1, 1)
        + _path("blade", "to", step, blades.BLADES - step)
    )
    if number:
        drawn += format_html('<text x="20" y="24.5" text-anchor="middle">{}</text>', step)
    return _svg(size, spoken, drawn)


@register.simple_tag
def day_iris(done: int, total: int, size: int = 64) -> SafeString:
    """Draw the day: the share of ``total`` that is done; the blade being worked on is warm, a full ring is all teal."""
    label = _("%(done)d of %(total)d done today") % {"done": done, "total": total}
    full = blades.BLADES if total <= done else done * blades.BLADES // total
    drawn = _path("blade", "on", 0, full)
    if full < blades.BLADES:
        drawn += _path("blade", "now", full, 1) + _path("blade", "to", full + 1, blades.BLADES - full - 1)
    return _svg(size, label, drawn)


@register.simple_tag
def time_ring(urgency: Urgency | None = None, left: int | None = None) -> SafeString:
    """Draw what is left of a promise: a hair when calm, thick when soon, a full disc when late."""
    if urgency is None and left is None:
        return SafeString("")
    if urgency is not None and urgency.level == "late":
        inside = mark_safe('<circle class="full" cx="20" cy="20" r="19.5"/>')
    else:
        segments = urgency.left if urgency is not None else left or 0
        shape = "tick" if urgency is not None and urgency.level == "soon" else "hair"
        inside = _path(shape, "left", blades.BLADES - segments, segments)
    return format_html('<svg class="ring" viewBox="0 0 40 40" aria-hidden="true">{}</svg>', inside)
