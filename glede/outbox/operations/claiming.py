"""Take due messages for sending: one transaction that asks everything again under the locks.

The order is the house's: message rows (SKIP LOCKED), then their subjects shared and sorted, then the ledger's
head. Whoever opts out, moves or cancels locks those subjects too, so no intent commits after them.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from glede.kernel.actor import SYSTEM
from glede.kernel.failpoints import fp, guard
from glede.kernel.gsm import sms_segments
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act, share
from glede.outbox import composing, events, limits
from glede.outbox.batches import Batch, Outgoing
from glede.outbox.composing import Content
from glede.outbox.models import Message
from glede.outbox.operations.asking import Asking, weigh
from glede.outbox.operations.calling import Handing, hand_over, save_closed
from glede.outbox.operations.cases import (
    Case,
    first_channel,
    is_without_way,
    settle_early,
    unreachable,
    wait_for_channel,
)
from glede.outbox.operations.envelopes import envelope_for
from glede.outbox.operations.resting import RESTING, Rests, rests_at
from glede.outbox.operations.telling import tell
from glede.outbox.operations.ways import ways_to
from glede.outbox.rules import ALONE_AFTER, LANES, PENDING, WORDS_TRIES, Fate, Reason, Resolution, State, knows_key
from glede.outbox.transports import transport_for, usable_channels
from glede.people.queries import reach
from glede.practices.models import Practice

_log = logging.getLogger(__name__)
BROKE, AGAIN_IN = "broke", timedelta(minutes=1)


def claim_batch(*, practice_id: UUID, lane: str | None, limit: int, now: datetime) -> Batch:
    """Take up to `limit` due messages, best lane first, and write the intent of each that may go.

    `now` is the practice's time, by which all is judged and the lease begins. Messages that may not go end here
    with their reason, wait with their hour, or become a colleague's call. Nothing is taken while the practice
    has stopped everything.
    """
    batch = Batch(practice_id, is_live=False, lease_until=now + limits.lease())
    with act(practice_id, by=SYSTEM, now=now) as this:
        practice = Practice.objects.get(pk=practice_id)
        messages = _due(practice, lane, min(limit, limits.BATCH_MOST), now)
        if not messages:
            return batch
        cases, fresh = _under_locks(practice, messages, now)
        if fresh is None:
            return batch
        practice = fresh
        batch.is_live, batch.taken = practice.is_live, len(messages)
        for case in cases:
            settle_early(case, practice, now)
        _try_ways(practice, [c for c in cases if not c.ending], now)
        _write(this, practice, cases, batch, now)
        fp("claim.before_commit")
    fp("claim.after_commit")
    return batch


def _due(practice: Practice, lane: str | None, limit: int, now: datetime) -> list[Message]:
    """Lock the due messages nobody else has, safety first; each lane is read in the order of its index."""
    ids: list[UUID] = []
    with connection.cursor() as cursor:
        for one in [lane] if lane else LANES:
            cursor.execute(_DUE, [practice.pk, practice.is_live, str(one), now, now, limit - len(ids)])
            ids += [row[0] for row in cursor.fetchall()]
            if len(ids) >= limit:
                break
    found = {m.pk: m for m in Message.objects.filter(pk__in=ids).select_related("touch")} if ids else {}
    return _without_breaking([found[i] for i in ids])


def _without_breaking(messages: list[Message]) -> list[Message]:
    """A message that workers keep dying with goes alone, so that it takes nobody with it."""
    suspect = next((place for place, m in enumerate(messages) if m.lost >= ALONE_AFTER), None)
    if suspect is None:
        return messages
    return messages[:suspect] or messages[:1]


_DUE = """
select id from outbox_message
where practice_id = %s and live = %s and lane = %s and state in ('planned', 'ready') and due_at <= %s
  and (held_until is null or held_until <= %s)
order by due_at, id limit %s for no key update skip locked
"""


def _under_locks(practice: Practice, messages: Sequence[Message], now: datetime) -> tuple[list[Case], Practice | None]:
    """Share-lock every subject, then read afresh: mode, versions, people. None: the practice has changed its mind."""
    house = Ref("practice", practice.pk)
    subjects = {Ref(m.touch.subject_kind, m.touch.subject_id) for m in messages}
    people = {m.touch.patient_id for m in messages}
    states = share(practice.pk, {house, *subjects, *(Ref("patient", p) for p in people)})
    fresh = Practice.objects.get(pk=practice.pk)
    if fresh.stopped_at is not None or fresh.is_live != practice.is_live:
        return [], None
    reached = reach(practice.pk, people)
    usable = usable_channels(practice.pk, live=fresh.is_live)
    cases = []
    for message in messages:
        touch = message.touch
        case = Case(
            message=message,
            touch=touch,
            reach=reached.get(touch.patient_id),
            subject=states.get(Ref(touch.subject_kind, touch.subject_id)),
        )
        first = first_channel(message, touch.lane)
        case.ways = ways_to(case.reach, fresh, purpose=touch.purpose, first=first, usable=usable)
        cases.append(case)
    _leave_out_tried(cases)
    _keep_to_the_way_of_doubt(cases, now)
    return cases, fresh


def _keep_to_the_way_of_doubt(cases: Sequence[Case], now: datetime) -> None:
    """What they may already have is repeated there alone, under a key that is known there; else a colleague rings."""
    for case in cases:
        message = case.message
        if not case.is_in_doubt or message.doubted_at is None:
            continue
        same = [
            w for w in case.ways if w.channel == message.channel and w.contact and w.contact.id == message.contact_id
        ]
        can = transport_for(message.channel, live=message.live).capabilities(message.practice_id) if same else None
        age = now - message.doubted_at
        case.may_repeat = can is not None and can.resolution is Resolution.KEY and knows_key(age, can.key_lives)
        case.ways = same


def _leave_out_tried(cases: Sequence[Case]) -> None:
    later = [c for c in cases if c.message.n > 1]
    if not later:
        return
    failed = Message.objects.filter(touch_id__in=[c.message.touch_id for c in later], state=State.FAILED)
    tried = set(failed.values_list("touch_id", "channel"))
    for case in later:
        # The channel a later message was made for was chosen knowingly: a new one, or the same once more.
        own = case.message.channel
        case.ways = [w for w in case.ways if w.channel == own or (case.message.touch_id, w.channel) not in tried]


def _try_ways(practice: Practice, cases: list[Case], now: datetime) -> None:
    """Ask for words and leave on each person's best way, then the next, until every case has ended."""
    asking = Asking.of(practice, cases, now)
    channels = {way.channel for case in cases for way in case.ways}
    rests = rests_at(practice.pk, channels, now) if practice.is_live else Rests({}, set())
    while cases:
        for case in cases:
            _find_way(case, rests)
        words = _words([c for c in cases if not c.ending], practice, now)
        for case in cases:
            if not case.ending:
                weigh(case, words.get(case.message.touch_id), asking)
            if case.ending == "send":
                asking.note(case)
        cases = [c for c in cases if not c.ending]


def _find_way(case: Case, rests: Rests) -> None:
    """Come to the best way that is open, or end the case: no way is left, or it waits for its channel."""
    while not case.ending:
        if is_without_way(case):
            unreachable(case)
            return
        until = rests.of(case.ways[0].channel)
        if until is None:
            return
        wait_for_channel(case, until, RESTING)


def _words(cases: Sequence[Case], practice: Practice, now: datetime) -> Mapping[UUID, Content]:
    """The words of each. Where composing breaks, each is asked for alone: one that breaks it waits, or is set aside."""
    if not cases:
        return {}
    try:
        with transaction.atomic():
            return composing.compose(practice.pk, [c.draft() for c in cases], now)
    except (InterfaceError, OperationalError):
        raise  # nothing is wrong with a message
    except Exception as error:
        if not guard("broken_words"):
            raise
        if len(cases) > 1:
            return {k: v for case in cases for k, v in _words([case], practice, now).items()}
        _log.error("the words of a message could not be made: %s", type(error).__name__)
        message = cases[0].message
        message.lost += 1
        if message.lost >= WORDS_TRIES and guard("set_aside"):
            cases[0].hand(Reason.SET_ASIDE)
        else:
            cases[0].hold(now + AGAIN_IN, BROKE)
        return {}


def _write(this: Act, practice: Practice, cases: Sequence[Case], batch: Batch, now: datetime) -> None:
    _write_intents(practice, [c for c in cases if c.ending == "send"], batch, now)
    _write_holds([c for c in cases if c.ending == "hold"])
    _write_skips(this, [c for c in cases if c.ending == "skip"], now)
    handed = [c for c in cases if c.ending == "hand"]
    hand_over(this, practice, [Handing(c.message, c.reason) for c in handed], now)
    for case in cases:
        if case.ending != "send":
            batch.counts[_COUNTED[case.ending]] += 1


_COUNTED = {"skip": "skipped", "hand": "handed", "hold": "held"}


def _write_holds(cases: Sequence[Case]) -> None:
    for case in cases:
        case.message.state = State.READY
        case.message.held_until, case.message.held_by = case.until, case.held_by
    if cases:
        fields = ["state", "held_until", "held_by", "waited_from", "lost"]
        Message.objects.bulk_update([c.message for c in cases], fields)


def _write_skips(this: Act, cases: Sequence[Case], now: datetime) -> None:
    for case in cases:
        message, touch = case.message, case.message.touch
        message.state, message.reason, message.closed_at = State.SKIPPED, case.reason, now
        message.held_until, message.held_by = None, ""
        touch.fate, touch.reason, touch.closed_at = Fate.SKIPPED, case.reason, now
        tell(this, events.SKIPPED, message, touch, reason=case.reason)
    if cases:
        save_closed([c.message for c in cases])
    forgotten = [c.message.id for c in cases if c.reason == Reason.ERASED]
    if forgotten:
        Message.objects.filter(pk__in=forgotten).update(body="", subject_line="", contact_id=None)


def _write_intents(practice: Practice, cases: Sequence[Case], batch: Batch, now: datetime) -> None:
    if not cases:
        return
    outgoing = [
        Outgoing(c.message.id, c.message.fence + 1, c.ways[0].channel, envelope_for(c, practice, now)) for c in cases
    ]
    columns = [
        (
            c.message.id, o.channel, c.ways[0].contact.id if c.ways[0].contact else None, o.envelope.language,
            o.envelope.message_ref, o.envelope.subject, o.envelope.text, o.envelope.in_reply_to,
            sms_segments(o.envelope.text).parts if o.channel == "sms" else 0,
        )
        for c, o in zip(cases, outgoing, strict=True)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        listed = [list(c) for c in zip(*columns, strict=True)]
        cursor.execute(_INTENTS, [batch.lease_until, now, *listed, practice.pk, listed[0], list(PENDING)])
        tried = [(new_id(), o.message_id, o.fence, _request_hash(o)) for o in outgoing]
        cursor.execute(_ATTEMPTS, [practice.pk, now, *(list(c) for c in zip(*tried, strict=True))])
    batch.outgoing = outgoing


_INTENTS = """
update outbox_message m set state = 'sending', fence = m.fence + 1, lease_until = %s, intent_at = %s,
  held_until = null, held_by = '', channel = w.channel, contact_id = w.contact, language = w.language,
  message_ref = w.ref, subject_line = w.subject, body = w.body, in_reply_to = w.answers, parts = w.parts
from unnest(%s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[])
  as w (id, channel, contact, language, ref, subject, body, answers, parts)
where m.practice_id = %s and m.id = any (%s) and m.id = w.id and m.state = any (%s)
"""

_ATTEMPTS = """
insert into outbox_attempt (practice_id, at, kind, outcome, reason, provider_id, words, id, message_id, fence,
                            request_hash)
select %s, %s, 'intent', '', '', '', '', w.* from unnest(%s::uuid[], %s::uuid[], %s::int[], %s::text[]) as w
"""


def _request_hash(outgoing: Outgoing) -> str:
    envelope = outgoing.envelope
    return sha256("\n".join((envelope.to_address, envelope.subject, envelope.text)).encode()).hexdigest()
