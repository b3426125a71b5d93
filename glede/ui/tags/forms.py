"""Fields, the error summary and the composer."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from glede.ui.presenting import Problem, Slot

register = template.Library()


def problems_of(form: BaseForm) -> list[Problem]:
    """Return every error of a form in the order of its fields, each with the id of the field to go to."""
    found = [Problem(str(words)) for words in form.non_field_errors()]
    for bound in form:
        found += [Problem(str(words), bound.id_for_label or f"{bound.auto_id}_0") for words in bound.errors]
    return found


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: BaseForm | None = None, problems: Iterable[Problem] = ()) -> dict[str, Any]:
    """Draw what has to be put right, at the top of the page; takes the focus after a failed post."""
    return {"problems": [*(problems_of(form) if form is not None and form.is_bound else ()), *problems]}


@register.filter
def error_prefix(form: BaseForm | None) -> bool:
    """Say whether the page's title starts with "Error: "."""
    return form is not None and form.is_bound and bool(form.errors)


@register.inclusion_tag("ui/slot_picker.html")
def slot_picker(slots: list[Slot], name: str = "slot", legend: str = "") -> dict[str, Any]:
    """Draw times to take: three across for staff, whole cards for patients."""
    return {"slots": slots, "name": name, "legend": legend}


@register.simple_block_tag(takes_context=True)
def composer(context: template.Context, content: str, action: str, **values: Any) -> str:
    """Draw the box in which a colleague writes; the content is more tools for its foot. Ctrl+Enter sends.

    Values: to, by, language, lang, note, words (a draft), draft (address that keeps it), id, send (label),
    limit (characters of one text), fields (hidden pairs), focus (True: the cursor stands in it from the start).
    """
    given = {"id": "composer", "action": action, "tools": SafeString(content), "csrf_token": context.get("csrf_token")}
    return SafeString(render_to_string("ui/composer.html", given | values))
