"""What the policy will say of each planned message at its hour, written into the touch's why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from glede.journeys.composing import words_for
from glede.journeys.gathering import Group, Setting
from glede.kernel.ref import Ref
from glede.outbox.composing import Content
from glede.outbox.foresight import FORESEEN, UNASKED, Foresight, foreseen_in
from glede.outbox.models import Touch
from glede.outbox.operations import Ahead, foresee
from glede.outbox.operations.ways import ways_to
from glede.outbox.rules import Fate
from glede.outbox.touches import PlannedTouch, TouchKey

Plans = Sequence[tuple[Group, Sequence[PlannedTouch]]]


def with_foresight(setting: Setting, plans: Plans, *, now: datetime) -> list[tuple[Group, list[PlannedTouch]]]:
    """Return the plans with the policy's verdict on every message that is still to go; the rest as it is."""
    ahead = [one for group, planned in plans for one in _ahead(setting, group, planned, now)]
    verdicts = foresee(setting.practice, ahead, now=now)
    told = {id(one.touch): verdict for one, verdict in zip(ahead, verdicts, strict=True)}
    return [(group, [_with(touch, told.get(id(touch))) for touch in planned]) for group, planned in plans]


def _with(touch: PlannedTouch, verdict: Foresight | None) -> PlannedTouch:
    return replace(touch, why={**touch.why, FORESEEN: verdict.as_json()}) if verdict else touch


def _ahead(setting: Setting, group: Group, planned: Iterable[PlannedTouch], now: datetime) -> Iterable[Ahead]:
    standing = {key_of(touch): touch for touch in group.touches}
    for touch in planned:
        ways = ways_to(group.reach, setting.practice, purpose=touch.purpose, usable=setting.usable)
        known = standing.get(touch.key)
        if touch.act == "message" and (known is None or known.fate == Fate.OPEN):
            verdict = foreseen_in(known.why) if known and is_as_planned(known, touch) else UNASKED
            yield Ahead(touch, group.reach, ways, _words(setting, group, touch, now), verdict)


def _words(setting: Setting, group: Group, touch: PlannedTouch, now: datetime) -> Callable[[str], Content]:
    moment, language = max(now, touch.due_at), group.reach.language
    return lambda channel: words_for(setting, group, touch, channel=channel, language=language, now=moment)


def is_as_planned(standing: Touch, touch: PlannedTouch) -> bool:
    """Return whether a row says what the plan says, the verdict left out."""
    return (
        (standing.due_at, standing.late_after, standing.act, standing.journey_version)
        == (touch.due_at, touch.late_after, touch.act, touch.journey_version)
    ) and {k: v for k, v in standing.why.items() if k != FORESEEN} == touch.why


def key_of(touch: Touch) -> TouchKey:
    """Return the key of a row."""
    return TouchKey(touch.row, Ref(touch.subject_kind, touch.subject_id), touch.subject_version, touch.occurrence)
