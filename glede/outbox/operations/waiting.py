"""What waits in the outbox beside the plans of a journey, and what would become of it: replies, acknowledgements."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from glede.outbox import composing
from glede.outbox.composing import Content
from glede.outbox.models import Message
from glede.outbox.operations.asking import Asking
from glede.outbox.operations.cases import Case, Weighed, first_channel, settle_without_words
from glede.outbox.operations.foreseeing import decide
from glede.outbox.operations.ways import ways_to
from glede.outbox.rules import PENDING
from glede.people.queries import reach
from glede.practices.models import Practice
from glede.practices.queries import opening_hours


def answers_ahead(
    practice: Practice, *, until: datetime, now: datetime, beside: Collection[str]
) -> Iterator[tuple[datetime, Weighed]]:
    """Yield when each waiting message ends before ``until``, and how; what is about the kinds ``beside`` is left out.

    Reads only, and asks what the claim asks.
    """
    rows = Message.objects.filter(practice_id=practice.pk, live=practice.is_live, state__in=PENDING, due_at__lt=until)
    messages = list(rows.exclude(touch__subject_kind__in=beside).select_related("touch").order_by("due_at", "id"))
    if not messages:
        return
    reached = reach(practice.pk, {message.touch.patient_id for message in messages})
    asking = Asking(practice, now, opening=opening_hours(practice))
    for message in messages:
        touch = message.touch
        first = first_channel(message, touch.lane)
        known = reached.get(touch.patient_id)
        ways = ways_to(known, practice, purpose=touch.purpose, first=first)
        at = max(now, message.held_until or message.due_at)
        while at < until:
            case = Case(message=message, subject=None, touch=touch, reach=known, ways=list(ways))
            _decide(case, practice, asking.at(at))
            if case.ending != "hold" or case.until is None:
                yield at, case
                break
            at = case.until


def _decide(case: Case, practice: Practice, asking: Asking) -> None:
    def words(_channel: str) -> Content | None:
        found = composing.compose(practice.pk, [case.draft()], asking.now)
        return found.get(case.message.touch_id)

    waited_from = case.message.waited_from
    case.message.waited_from = settle_without_words(case, practice, waited_from, asking.now)
    decide(case, asking, words)
