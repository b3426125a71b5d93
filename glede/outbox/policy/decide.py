"""May this message leave? Purpose and ground in law, the person's refusals, the words, the limits, the hours."""

from datetime import datetime, timedelta
from typing import Final

from glede.kernel.clock import at_wall, wall
from glede.kernel.periods import Period
from glede.outbox.linter import HUMAN_MUST_NOT, Found, Kind, lint
from glede.outbox.policy import hours as layers
from glede.outbox.policy.book import LIMITS, Edition, edition_for
from glede.outbox.policy.grounds import Ground, find_ground, is_service_cell
from glede.outbox.policy.narrowing import smaller
from glede.outbox.policy.question import EVERY_CHANNEL, ConsentKind, Person, Place, Question, Verdict, Why
from glede.outbox.policy.vocabulary import (
    ANSWERS,
    LOGISTICS,
    TEXT_CHANNELS,
    Basis,
    Channel,
    Decision,
    Must,
    Purpose,
    Reason,
)

PLATFORM_WINDOW: Final = timedelta(hours=24)
HUMAN_AGENT_WINDOW: Final = timedelta(days=7)
SOCIAL: Final = frozenset({Channel.MESSENGER, Channel.INSTAGRAM})
WRITTEN_CHANNELS: Final = TEXT_CHANNELS | {Channel.EMAIL, Channel.VOICE}
_PROMOTION_FOUND: Final = frozenset({Kind.PROMOTION})


def may_send(question: Question, now: datetime, *, law_alone: bool = False) -> Verdict:
    """Return whether the message may leave at ``now`` (aware), with its ground in law and every reason.

    Asked when a message is planned and again at the moment of sending. ``law_alone`` leaves out the hours of the
    practice and of the person, for tests of the law alone. Pure: the same question has the same answer.
    """
    person = question.person
    edition = edition_for(person.country or question.place.country, now.date())
    found = lint(question.text, question.own_words) if question.text else ()
    promotion = any(one.kind in _PROMOTION_FOUND for one in found)
    ground = find_ground(question, edition, now, is_promotional=promotion)
    refusals = [
        *(() if question.channel in question.place.channels else (Why(Reason.NO_SUCH_CHANNEL),)),
        *(Why(reason) for reason in ground.missing),
        *_person_refusals(question, ground, edition, now),
        *_data_refusals(question, ground, now),
        *_platform_refusals(question, now),
        *_narrowed_refusals(question),
        *(_word_refusals(question, ground, found) if found else ()),
        *_limit_refusals(question, ground, now),
    ]
    if refusals:
        return Verdict(Decision.DENY, ground.basis, _once(refusals), policy=edition.name)
    return _when(question, ground, edition, now, law_alone=law_alone)


def sending_hours(
    purpose: Purpose, channel: Channel, person: Person, place: Place, now: datetime
) -> tuple[layers.Frame, bool]:
    """Return the hours in which such a message may leave to ``person``, and whether it counts as marketing."""
    edition = edition_for(person.country or place.country, now.date())
    is_marketing = not is_service_cell(edition, purpose, channel)
    return layers.frame_for(edition, channel, person, place, is_marketing=is_marketing), is_marketing


def window_on(purpose: Purpose, channel: Channel, person: Person, place: Place, day: datetime) -> Period | None:
    """Return the stretch of the person's calendar day of ``day`` in which such a message may leave, or None.

    Its end is the lateness of a reminder: it leaves until the person's hours end on the eve.
    """
    frame, is_marketing = sending_hours(purpose, channel, person, place, day)
    local_day = wall(day, person.zone).date()
    return layers.period_on(frame, local_day, person.zone, place.closed_on if is_marketing else frozenset())


def answers_own_act(question: Question, now: datetime) -> bool:
    """Return True for what answers the person's own act of the last ten minutes (docs/rules.md#hours)."""
    at = question.answers_act_at
    return at is not None and timedelta(0) <= now - at <= LIMITS.own_act


def _person_refusals(question: Question, ground: Ground, edition: Edition, now: datetime) -> list[Why]:
    person = question.person
    refusals = _opt_out(question, ground, edition, now) if person.opted_out else []
    if not (question.is_by_person and question.purpose in ANSWERS):
        refusals += [Why(reason) for is_so, reason in _states(person) if is_so]
    if person.is_quiet and not _is_answer_or_safety(question, now):
        refusals.append(Why(Reason.QUIET))
    return refusals


def _states(person: Person) -> tuple[tuple[bool, Reason], ...]:
    return (
        (person.is_deceased, Reason.DECEASED),
        (person.is_merged, Reason.MERGED),
        (person.has_moved_away, Reason.MOVED_AWAY),
        (person.is_under_safeguarding, Reason.SAFEGUARDING),
    )


def _opt_out(question: Question, ground: Ground, edition: Edition, now: datetime) -> list[Why]:
    person, own_act = question.person, answers_own_act(question, now)
    if question.is_opt_out_receipt and question.purpose == Purpose.ACKNOWLEDGEMENT and own_act:
        return []
    if question.has_written_since and question.purpose in ANSWERS:
        return []
    scopes = ("all", "marketing") if ground.is_marketing else ("all",)
    channel = str(question.channel)
    refused = [(c, s) for c in (EVERY_CHANNEL, channel) for s in scopes if (c, s) in person.opted_out]
    if not refused:
        return []
    found = [Why(Reason.OPTED_OUT, {"channel": refused[0][0], "scope": refused[0][1]})]
    if person.opted_out_at is not None and now - person.opted_out_at > edition.honour_within:
        found.append(Why(Reason.OPT_OUT_OVERDUE, {"since": person.opted_out_at.isoformat()}))
    return found


def _is_answer_or_safety(question: Question, now: datetime) -> bool:
    return question.purpose in ANSWERS or question.purpose == Purpose.SAFETY or _is_never_held(question, now)


def _is_never_held(question: Question, now: datetime) -> bool:
    if question.purpose == Purpose.SAFETY:
        return True
    return answers_own_act(question, now) and question.purpose in LOGISTICS


def _data_refusals(question: Question, ground: Ground, now: datetime) -> list[Why]:
    if not ground.is_marketing:
        return []
    held = {consent.kind for consent in question.person.consents if consent.holds(question.purpose, now)}
    agreed = ConsentKind.HEALTH_DATA in held
    refusals = []
    if question.uses_health_data and not agreed:
        refusals.append(Why(Reason.HEALTH_DATA))
    if question.is_paid_by_others and not agreed:
        refusals.append(Why(Reason.PAID_BY_OTHERS))
    return refusals


def _platform_refusals(question: Question, now: datetime) -> list[Why]:
    if question.channel == Channel.WHATSAPP:
        return _whatsapp(question, now)
    if question.channel in SOCIAL:
        return _social(question, now)
    return []


def _whatsapp(question: Question, now: datetime) -> list[Why]:
    refusals = []
    if not question.window.has_consent:
        refusals.append(Why(Reason.NO_PLATFORM_CONSENT))
    if not question.window.has_template and not _wrote_within(question, now, PLATFORM_WINDOW):
        refusals.append(Why(Reason.WINDOW_CLOSED))
    return refusals


def _social(question: Question, now: datetime) -> list[Why]:
    if question.purpose not in ANSWERS:
        return [Why(Reason.NOT_ON_THIS_CHANNEL)]
    if _wrote_within(question, now, PLATFORM_WINDOW) or _is_human_agent(question, now):
        return []
    return [Why(Reason.WINDOW_CLOSED)]


def _is_human_agent(question: Question, now: datetime) -> bool:
    is_agent = question.window.is_human_agent_approved and question.is_by_person
    return is_agent and question.purpose == Purpose.REPLY and _wrote_within(question, now, HUMAN_AGENT_WINDOW)


def _wrote_within(question: Question, now: datetime, span: timedelta) -> bool:
    at = question.window.last_inbound_at
    return at is not None and timedelta(0) <= now - at < span


def _narrowed_refusals(question: Question) -> list[Why]:
    narrowed, purpose = question.place.narrowed, question.purpose
    off = [Why(Reason.PURPOSE_OFF)] if purpose in narrowed.off else []
    return [*off, *([Why(Reason.WAY_OFF)] if (purpose, question.channel) in narrowed.ways else [])]


def _word_refusals(question: Question, ground: Ground, found: tuple[Found, ...]) -> list[Why]:
    return [Why(reason, {"word": one.word}) for one in found for reason in _judge(question, ground, one)]


def _judge(question: Question, ground: Ground, found: Found) -> tuple[Reason, ...]:
    by_hand = question.is_by_person and question.purpose == Purpose.REPLY
    if found.kind == Kind.PROMOTION:
        return () if by_hand or ground.is_marketing else (Reason.PROMOTION,)
    if found.kind == Kind.STOP_WORD:
        return (Reason.STOP_WORD_AS_ANSWER,)
    if question.channel not in WRITTEN_CHANNELS or question.purpose == Purpose.SAFETY:
        return ()
    if by_hand and found.kind not in HUMAN_MUST_NOT:
        return ()
    shared = (Reason.SHARED_ADDRESS,) if question.is_shared_contact else ()
    if found.kind == Kind.PREPARATION:
        return shared if question.person.allows_preparation else (Reason.PREPARATION, *shared)
    return (Reason.CLINICAL_WORD, *shared)


def _limit_refusals(question: Question, ground: Ground, now: datetime) -> list[Why]:
    refusals = []
    narrowed = question.place.narrowed
    texts = smaller(LIMITS.texts_in_7_days, narrowed.texts_in_7_days)
    marketing = smaller(LIMITS.marketing_in_30_days, narrowed.marketing_in_30_days)
    is_free = question.purpose in ANSWERS or _is_never_held(question, now)
    if question.channel in TEXT_CHANNELS and not is_free and question.counts.texts_7_days >= texts:
        refusals.append(Why(Reason.ENOUGH_TEXTS, {"limit": str(texts)}))
    if ground.is_marketing and question.counts.marketing_30_days >= marketing:
        refusals.append(Why(Reason.ENOUGH_MARKETING, {"limit": str(marketing)}))
    return refusals


def _when(question: Question, ground: Ground, edition: Edition, now: datetime, *, law_alone: bool) -> Verdict:
    basis, granted = ground.basis, ground.granted or Reason.NEVER_ALLOWED
    if question.channel in SOCIAL and not _wrote_within(question, now, PLATFORM_WINDOW):
        basis, granted = Basis.HUMAN_AGENT, Reason.HUMAN_AGENT
    must = _must(question, ground, edition)
    reasons = (Why(granted),)
    if _is_never_held(question, now):
        is_safety = question.purpose == Purpose.SAFETY
        told = Why(Reason.SAFETY_FIRST if is_safety else Reason.OWN_ACT)
        return Verdict(Decision.ALLOW, basis, (*reasons, told), must, policy=edition.name)
    earliest, holding = _earliest(question, now)
    frame = _frame(question, ground, edition, now, law_alone=law_alone)
    closed_on = question.place.closed_on if ground.is_marketing and not law_alone else frozenset()
    open_at = layers.first_open(frame, earliest, question.person.zone, closed_on)
    if open_at is None:
        return Verdict(Decision.DENY, basis, (Why(Reason.NO_COMMON_HOURS),), policy=edition.name)
    if open_at <= now:
        return Verdict(Decision.ALLOW, basis, reasons, must, policy=edition.name)
    shut = frame.shut(wall(earliest, question.person.zone), closed_on)
    held = tuple(Why(reason) for reason in (*holding, *shut))
    return Verdict(Decision.DEFER, basis, (*reasons, *held), must, open_at, edition.name)


def _frame(question: Question, ground: Ground, edition: Edition, now: datetime, *, law_alone: bool) -> layers.Frame:
    place = question.place
    is_marketing = ground.is_marketing
    frame = layers.frame_for(
        edition, question.channel, question.person, place, is_marketing=is_marketing, law_alone=law_alone
    )
    # A colleague's own answer is no automated message: it leaves whenever the practice is open.
    by_hand = question.is_by_person and question.purpose == Purpose.REPLY
    if by_hand and place.opening is not None and place.opening.is_open(now):
        return layers.by_law_only(frame)
    return frame


def _earliest(question: Question, now: datetime) -> tuple[datetime, tuple[Reason, ...]]:
    person, earliest, holding = question.person, now, []
    if person.pause_until is not None and question.purpose not in ANSWERS:
        ends = at_wall(person.pause_until, layers.MIDNIGHT, person.zone)
        if ends > earliest:
            earliest, holding = ends, [Reason.PAUSED]
    if person.held_until is not None and person.held_until > earliest and not _cannot_wait(question, person.held_until):
        earliest, holding = person.held_until, [Reason.DROPS]
    if question.purpose not in LOGISTICS and question.counts.today >= LIMITS.unprompted_a_day:
        tomorrow = layers.next_midnight(now, person.zone)
        earliest, holding = max(earliest, tomorrow), [*holding, Reason.ONE_A_DAY]
    return earliest, tuple(holding)


def _cannot_wait(question: Question, until: datetime) -> bool:
    """Answers, and what a visit or an order cannot do without that would come too late at ``until``."""
    if question.purpose in ANSWERS:
        return True
    return question.purpose in LOGISTICS and question.late_after is not None and question.late_after <= until


def _must(question: Question, ground: Ground, edition: Edition) -> tuple[Must, ...]:
    group = "text" if question.channel in TEXT_CHANNELS else str(question.channel)
    return edition.must[ground.is_marketing, group]


def _once(reasons: list[Why]) -> tuple[Why, ...]:
    kept: dict[tuple[Reason, tuple[tuple[str, str], ...]], Why] = {}
    for why in reasons:
        kept.setdefault((why.code, tuple(why.params.items())), why)
    return tuple(kept.values())
