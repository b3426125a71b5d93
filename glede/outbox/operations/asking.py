"""Ask the policy about one case, at the moment of sending."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from glede.kernel.clock import wall
from glede.kernel.failpoints import guard
from glede.kernel.periods import WeeklyHours
from glede.outbox.models import Message
from glede.outbox.operations.cases import HOURS, Case
from glede.outbox.policy import may_send
from glede.outbox.policy.question import Counts, Question, Verdict
from glede.outbox.policy.vocabulary import LOGISTICS, Channel, Decision, Must, Purpose
from glede.outbox.questions import person_of, place_of
from glede.outbox.rules import WENT, State
from glede.practices.models import Practice
from glede.practices.queries import opening_hours

_COUNTED = sorted({*WENT, State.REHEARSED, State.SENDING, State.UNKNOWN})
_MARKETING = "marketing"


@dataclass(slots=True)
class Asking:
    """What stays the same for every case of one claim: the practice, its hours, what people already got."""

    practice: Practice
    now: datetime
    counts: dict[UUID, Counts] = field(default_factory=dict)
    opening: WeeklyHours | None = None

    @classmethod
    def of(cls, practice: Practice, cases: Collection[Case], now: datetime) -> Asking:
        """Read once, for all cases, only what some case needs."""
        asking = cls(practice, now)
        if any(c.touch.lane == "reply" for c in cases):
            asking.opening = opening_hours(practice)
        unprompted = {c.touch.patient_id for c in cases if c.touch.purpose not in LOGISTICS}
        if unprompted:
            asking.counts = _counts(practice, unprompted, now)
        return asking

    def question(self, case: Case) -> Question:
        """The question of one case on its best way. In a control run the opt-out guard can be taken away."""
        assert case.content is not None and case.reach is not None  # noqa: S101, PT018 - asked only with words
        person, content, touch = person_of(case.reach), case.content, case.touch
        if not guard("optout"):
            person = replace(person, opted_out=frozenset(), is_quiet=False)
        return Question(
            purpose=Purpose(touch.purpose),
            channel=Channel(case.ways[0].channel),
            person=person,
            place=place_of(self.practice, self.opening),
            text=f"{content.subject}\n{content.text}",
            own_words=(self.practice.name, self.practice.address, case.reach.given_name, case.reach.family_name),
            answers_act_at=touch.answers_at,
            is_by_person=content.is_written_by_hand,
            counts=self.counts.get(touch.patient_id, Counts()),
        )


def ask(case: Case, asking: Asking) -> str | None:
    """Decide a case: it goes, it waits, or it ends; a reason is returned where only this way is closed."""
    verdict = may_send(asking.question(case), asking.now)
    if verdict.decision == Decision.ALLOW:
        case.ending = "send"
        case.needs_unsubscribe = Must.UNSUBSCRIBE in verdict.must_include
        return None
    if verdict.decision == Decision.DEFER and verdict.defer_until is not None:
        case.hold(verdict.defer_until, HOURS)
        return None
    if verdict.is_about_channel:
        return _reason(verdict)
    end_denied(case, _reason(verdict))
    return None


def _reason(verdict: Verdict) -> str:
    return verdict.reasons[0].code.value


def end_denied(case: Case, reason: str) -> None:
    """End a case no channel may carry: what is wrong with the words becomes a call, the rest is skipped."""
    if reason in _WORDS_ARE_WRONG and case.touch.lane != _MARKETING:
        case.ending, case.reason = "hand", reason
    else:
        case.ending, case.reason = "skip", reason


_WORDS_ARE_WRONG = frozenset({"promotion", "clinical_word", "preparation", "stop_word_as_answer", "no_common_hours"})


def _counts(practice: Practice, people: set[UUID], now: datetime) -> dict[UUID, Counts]:
    """What these people got by machine: today, in a week, in a month. Answers and safety are not counted."""
    day = wall(now, practice.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = (
        Message.objects.filter(
            touch__patient_id__in=people,
            state__in=_COUNTED,
            intent_at__gt=now - timedelta(days=30),
            live=practice.is_live,
        )
        .exclude(lane__in=["reply", "safety"])
        .values("touch__patient_id")
        .annotate(
            today=Count("id", filter=Q(intent_at__gte=day) & ~Q(touch__purpose__in=sorted(LOGISTICS))),
            texts=Count("id", filter=Q(channel="sms", intent_at__gt=now - timedelta(days=7))),
            marketing=Count("id", filter=Q(lane=_MARKETING)),
        )
        .order_by()
    )
    return {r["touch__patient_id"]: Counts(r["today"], r["texts"], r["marketing"]) for r in rows}
