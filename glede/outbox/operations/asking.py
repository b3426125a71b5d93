"""Ask the policy about one message: at planning, as of the moment it will fall due, and again at the claim."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from uuid import UUID

from glede.kernel.clock import wall
from glede.kernel.failpoints import guard
from glede.kernel.gsm import for_sms
from glede.kernel.periods import WeeklyHours
from glede.outbox.composing import Content
from glede.outbox.models import Message, Touch
from glede.outbox.operations.cases import HOURS, Weighed
from glede.outbox.operations.ways import Way
from glede.outbox.policy import may_send
from glede.outbox.policy.question import NO_COUNTS, Counts, Question, Verdict
from glede.outbox.policy.vocabulary import LOGISTICS, Channel, Decision, Must, Purpose
from glede.outbox.questions import person_of, place_of
from glede.outbox.rules import WENT, Reason, State
from glede.outbox.touches import ASSUMES, PlannedTouch
from glede.outbox.words import HELD_BY
from glede.practices.models import Practice
from glede.practices.queries import opening_hours

_COUNTED = sorted({*WENT, State.REHEARSED, State.SENDING, State.UNKNOWN})
_MARKETING = "marketing"
_UNCOUNTED = ("reply", "safety")
_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)


class Asked(Protocol):
    """What is owed, and the ways on which it may leave."""

    @property
    def touch(self) -> Touch | PlannedTouch: ...
    @property
    def ways(self) -> Sequence[Way]: ...


class Got(NamedTuple):
    """One message a person got by machine."""

    at: datetime
    channel: str
    lane: str
    purpose: str
    is_assumed: bool = False


@dataclass(slots=True)
class Asking:
    """What stays the same for many questions: the practice, its hours, what people already got; ``now`` is asked of."""

    practice: Practice
    now: datetime
    got: dict[UUID, list[Got]] = field(default_factory=dict)
    opening: WeeklyHours | None = None

    @classmethod
    def of(cls, practice: Practice, cases: Collection[Asked], now: datetime) -> Asking:
        """Read once, for all cases, only what some case needs."""
        asking = cls(practice, now)
        if any(c.touch.lane == "reply" for c in cases):
            asking.opening = opening_hours(practice)
        limited = {c.touch.patient_id for c in cases if _is_limited(c)}
        if limited:
            asking.got = got_by(practice, limited, now=now)
        return asking

    def at(self, moment: datetime) -> Asking:
        """The same, asked of another moment."""
        return self if moment == self.now else replace(self, now=moment)

    def question(self, case: Weighed) -> Question:
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
            late_after=touch.late_after,
            was_interval_set=bool(touch.why.get("interval_set")),
            is_opt_out_receipt=bool(touch.why.get("opt_out_receipt")),
            is_by_person=content.is_written_by_hand,
            counts=_counts(self._that_count(touch), self.practice.zone, self.now),
        )

    def note(self, case: Weighed) -> None:
        """Count a message that goes now among what its person got, for the questions that follow."""
        touch = case.touch
        if touch.lane not in _UNCOUNTED:
            one = Got(self.now, case.ways[0].channel, touch.lane, touch.purpose, ASSUMES in touch.why)
            self.got.setdefault(touch.patient_id, []).append(one)

    def _that_count(self, touch: Touch | PlannedTouch) -> list[Got]:
        """What a person got; what rests on an assumption never counts against what does not."""
        got = self.got.get(touch.patient_id, [])
        return got if ASSUMES in touch.why else [one for one in got if not one.is_assumed]


def _is_limited(case: Asked) -> bool:
    """Whether what the person got before matters: to what nobody asked for, and to every text."""
    return case.touch.purpose not in LOGISTICS or any(way.channel == Channel.SMS for way in case.ways)


def weigh(case: Weighed, content: Content | None, asking: Asking) -> None:
    """Decide a case on its best way, with the words it would carry; where only that way is closed, it loses it."""
    case.content = content = _as_text(content) if content and case.ways[0].channel == Channel.SMS else content
    if content is None:
        case.skip(Reason.NOTHING_TO_SAY)
    elif content.silence:
        case.skip(Reason(content.silence))
    elif reason := _ask(case, asking):
        case.denied = case.denied or reason
        case.ways.pop(0)


def _as_text(content: Content) -> Content:
    """Words as a text carries them: no subject, and the plain signs for those that would double its price."""
    return replace(content, subject="", text=for_sms(content.text), html="")


def _ask(case: Weighed, asking: Asking) -> str | None:
    """Decide a case: it goes, it waits, or it ends; a reason is returned where only this way is closed."""
    verdict = may_send(asking.question(case), asking.now)
    case.grounds = tuple(code.value for code in verdict.codes())
    if verdict.decision == Decision.ALLOW:
        case.ending = "send"
        case.needs_unsubscribe = Must.UNSUBSCRIBE in verdict.must_include
        return None
    if verdict.decision == Decision.DEFER and verdict.defer_until is not None:
        case.hold(verdict.defer_until, _held_by(verdict))
        return None
    if verdict.is_about_channel:
        return _reason(verdict)
    end_denied(case, _reason(verdict))
    return None


def _held_by(verdict: Verdict) -> str:
    """What holds it, in the words of the board: a pause, enough for one day, or the hours."""
    return next((code for why in verdict.reasons if (code := why.code.value) in HELD_BY), HOURS)


def _reason(verdict: Verdict) -> str:
    return verdict.reasons[0].code.value


def end_denied(case: Weighed, reason: str) -> None:
    """End a case no channel may carry: what is wrong with the words becomes a call, the rest is skipped."""
    if reason in _WORDS_ARE_WRONG and case.touch.lane != _MARKETING:
        case.ending, case.reason = "hand", reason
    else:
        case.ending, case.reason = "skip", reason


_WORDS_ARE_WRONG = frozenset({"promotion", "clinical_word", "preparation", "stop_word_as_answer", "no_common_hours"})


def got_by(practice: Practice, people: Set[UUID], *, now: datetime) -> dict[UUID, list[Got]]:
    """What these people got by machine in the last month. Answers and safety are not counted."""
    rows = Message.objects.filter(
        touch__patient_id__in=people,
        state__in=_COUNTED,
        intent_at__gt=now - _MONTH,
        live=practice.is_live,
    ).exclude(lane__in=_UNCOUNTED)
    found: dict[UUID, list[Got]] = {}
    fields = ("touch__patient_id", "intent_at", "channel", "lane", "touch__purpose", f"touch__why__{ASSUMES}")
    for patient_id, at, channel, lane, purpose, assumes in rows.values_list(*fields):
        if at is not None:
            found.setdefault(patient_id, []).append(Got(at, channel, lane, purpose, assumes is not None))
    return found


def _counts(got: Sequence[Got], zone: str, now: datetime) -> Counts:
    """What a person got up to a moment: on its day, in a week, in a month."""
    if not got:
        return NO_COUNTS
    day = wall(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return Counts(
        today=sum(one.at >= day and one.purpose not in LOGISTICS for one in got),
        texts_7_days=sum(one.at > now - _WEEK and one.channel == "sms" for one in got),
        marketing_30_days=sum(one.at > now - _MONTH and one.lane == _MARKETING for one in got),
    )
