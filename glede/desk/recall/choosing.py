"""The intervals a page offers, and what stands chosen; nothing is until a clinician chooses."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from glede.desk.access import DeskRequest
from glede.desk.recall import words
from glede.kernel.clock import day_of
from glede.recall.operations.planning import may_plan
from glede.recall.queries import next_visit_of
from glede.recall.rules import Suggestion, Why, offered, suggest

NO_GROUNDS = frozenset({Why.AGE, Why.FINDING, Why.WISH, Why.OTHER})


@dataclass(frozen=True)
class Interval:
    """One interval to choose: its value, its words, its key, and whether it is the usual one."""

    value: str
    label: str
    key: int
    is_usual: bool
    is_chosen: bool


def usual(request: DeskRequest, patient_id: UUID, born: Any) -> Suggestion | None:
    """Return what is usual for a person today: by their age, or by what was the reason before."""
    before = next_visit_of(request.practice.pk, patient_id)
    reasons = [before.why] if before and before.why not in NO_GROUNDS else []
    return suggest(request.practice.country, born, day_of(request.now, request.practice.zone), reasons)


def choices(request: DeskRequest, suggestion: Suggestion | None, form: Any) -> dict[str, Any]:
    """Return what the template of the next visit needs."""
    chosen = form["months"].value() or ""
    return {
        "may_plan": may_plan(request.practice.pk, request.by),
        "intervals": [
            Interval(str(n), words.months_words(n), key, bool(suggestion and n == suggestion.months), chosen == str(n))
            for key, n in enumerate(offered(suggestion), start=1)
        ],
        "usual": words.suggested_words(suggestion) if suggestion else "",
        "reviewed_on": suggestion.edition.reviewed_on if suggestion else None,
        "whys": [(code.value, label, code == form["why"].value()) for code, label in words.WHYS.items()],
        "form": form,
    }
