"""Read a kept mail once, and let follow from it what must: somebody's words, a mail that came back, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from glede.channels import events
from glede.channels.mailbox.bounces import Bounce, Came
from glede.channels.mailbox.letter import AnyMessage, Letter, Unreadable, read_letter
from glede.channels.mailbox.provided import NotAMail
from glede.channels.mailbox.sorting import Sort, sort_of
from glede.channels.mailbox.values import MAILS_AN_HOUR, Kept, Why
from glede.channels.mailbox.wording import message_of, said, shown_words
from glede.channels.models import RawMail
from glede.channels.operations.mails import subject_of
from glede.channels.operations.telling import promise_a_look, promise_to_settle
from glede.inbox import rules
from glede.inbox.closing import NO_TIER
from glede.inbox.operations.mailing import Posted, take_mail
from glede.kernel.actor import Actor, patient
from glede.kernel.failpoints import fp
from glede.ledger.operations import Act, act, once
from glede.outbox.operations import NoSuchMessage, Report, take_report
from glede.outbox.returned import Mailed, last_mailed, mailed_as
from glede.outbox.rules import Reason, State
from glede.people.operations import opt_out
from glede.people.queries import owners_of, patients_at, wards_of
from glede.practices.models import Practice
from glede.practices.queries import practice_by_id

SPEAKS_OF: Final = timedelta(days=7)
"""A mail that came back without a Message-ID of ours speaks of the last one we sent within this time."""
SOFT_WITHIN, SOFT_MOST = timedelta(days=14), 3


@dataclass(frozen=True, slots=True)
class _Open:
    """A mail being read."""

    act: Act
    practice: Practice
    row: RawMail
    message: AnyMessage
    letter: Letter


def read_mail(*, practice_id: UUID, mail_id: UUID, by: Actor, now: datetime) -> None:
    """Read one kept mail; one that was read already, or is being read, is left alone.

    Its words go to who wrote them, or stand for a colleague; what a machine wrote is neither an answer nor a refusal
    and is owed nothing; a mail that came back tells of the one we sent. Whatever cannot be decided is held. What no
    sense can be made of raises nothing: it is held as well.
    """
    practice = practice_by_id(practice_id)
    with act(practice_id, by=by, now=now) as reading:
        rows = RawMail.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        row = rows.filter(practice_id=practice_id, pk=mail_id, state=Kept.STORED.value).first()
        if row is None:
            return
        fp("mail.read")
        try:
            message = message_of(row)
            opened = _Open(reading, practice, row, message, read_letter(message))
        except NotAMail:
            _close(row, now, Kept.REFUSED, Why.NOT_A_MAIL)
            return
        except Unreadable:
            hold(reading, practice, row, Why.UNREADABLE)
            return
        row.address, row.subject = opened.letter.sender or opened.letter.written_from, opened.letter.subject
        _read(opened)


def hold_unread(*, practice_id: UUID, mail_id: UUID, by: Actor, now: datetime) -> None:
    """Hold a mail at which reading broke, so that it stops no other; a colleague looks at it."""
    practice = practice_by_id(practice_id)
    with act(practice_id, by=by, now=now) as holding:
        rows = RawMail.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        row = rows.filter(practice_id=practice_id, pk=mail_id, state=Kept.STORED.value).first()
        if row is not None:
            hold(holding, practice, row, Why.UNREADABLE)


def hold(holding: Act, practice: Practice, row: RawMail, why: Why) -> None:
    """Keep a mail for a colleague, who is promised to look at it."""
    _close(row, holding.now, Kept.HELD, why)
    holding.record(events.MAIL_HELD, subject=subject_of(row.pk), patient=row.patient_id, data={"reason": why.value})
    promise_a_look(practice, row, by=holding.by, now=holding.now)


def _read(opened: _Open) -> None:
    row, letter, practice = opened.row, opened.letter, opened.practice
    if row.sha256 and not row.is_cut and not _is_first(opened):
        _close(row, opened.act.now, Kept.REFUSED, Why.TWICE)
        return
    own = frozenset(filter(None, (practice.email.strip().lower(),)))
    found = sort_of(opened.message, letter, own_addresses=own, own_domain=practice.email.rpartition("@")[2])
    row.sort = found.sort.value
    row.urgency = rules.raise_tier("\n\n".join(said(letter))).tier
    if found.sort is Sort.OWN:
        _close(row, opened.act.now, Kept.REFUSED, Why.OWN)
    elif found.sort is Sort.BOUNCE and found.bounce is not None:
        _returned(opened, found.bounce)
    elif found.sort is Sort.COMPLAINT and found.bounce is not None:
        _complained(opened, found.bounce)
    elif found.sort is Sort.WORDS:
        _words(opened)
    else:
        _machine(opened, found.sort)


def _is_first(opened: _Open) -> bool:
    """The very same bytes were never read before: a server that numbered its mails anew shows them all again."""
    key = uuid5(NAMESPACE_URL, f"{opened.row.practice_id}:mail:{opened.row.sha256}")
    return once(opened.act, key).is_first


def _words(opened: _Open) -> None:
    row, letter, reading = opened.row, opened.letter, opened.act
    if not row.address:
        hold(reading, opened.practice, row, Why.NO_SENDER)
        return
    if _too_many(row):
        hold(reading, opened.practice, row, Why.TOO_MANY)
        return
    answered = _answered(opened)
    posted = Posted(
        key=row.pk, address=row.address, parts=said(letter), came_at=row.came_at,
        words=shown_words(letter, opened.practice, is_cut=row.is_cut, size=row.size),
        written_to=frozenset(person for person, _ in answered),
        appointment_id=next((visit for _, visit in answered if visit), None),
    )  # fmt: skip
    taken = take_mail(practice_id=row.practice_id, mail=posted, by=reading.by, now=reading.now)
    row.message_id, row.stray_id = taken.message_id, taken.stray_id
    if taken.message_id is not None:
        row.patient_id = _writer(row, frozenset(person for person, _ in answered))
    _close(row, reading.now, Kept.READ)


def _writer(row: RawMail, written_to: frozenset[UUID]) -> UUID | None:
    return rules.who_wrote(patients_at(row.practice_id, "email", row.address), written_to)


def _answered(opened: _Open) -> list[tuple[UUID, UUID | None]]:
    """Return to whom we wrote what this answers, and about which visit; a mail about a child went to the guardian."""
    practice_id, letter = opened.row.practice_id, opened.letter
    known_by = patients_at(practice_id, "email", opened.row.address)
    wards = wards_of(practice_id, known_by)
    order = {ref: place for place, ref in enumerate(letter.answers)}
    sent = mailed_as(practice_id, list(order), [*known_by, *wards])
    return [
        (wards.get(one.patient_id, one.patient_id), one.subject_id if one.subject_kind == "appointment" else None)
        for one in sent
    ]


def _too_many(row: RawMail) -> bool:
    hour = RawMail.objects.filter(
        practice_id=row.practice_id, address=row.address, came_at__gt=row.came_at - timedelta(hours=1),
        came_at__lte=row.came_at, sort=Sort.WORDS.value,
    )  # fmt: skip
    return hour.exclude(pk=row.pk).count() >= MAILS_AN_HOUR


def _machine(opened: _Open, sort: Sort) -> None:
    """An automatic answer, or a mail to many: kept, shown, owed nothing, unless its words cannot wait."""
    row, reading = opened.row, opened.act
    known_by = patients_at(row.practice_id, "email", row.address)
    row.patient_id = known_by[0] if len(known_by) == 1 else None
    if sort is Sort.LIST and known_by:
        hold(reading, opened.practice, row, Why.LIST_OF_A_PATIENT)
    elif row.urgency < NO_TIER and (sort is Sort.AUTOMATIC or known_by):
        hold(reading, opened.practice, row, Why.URGENT_WORDS)
    elif row.patient_id is not None:
        _close(row, reading.now, Kept.READ)
        reading.record(events.MAIL_AUTOMATIC, subject=subject_of(row.pk), patient=row.patient_id)
    else:
        _close(row, reading.now, Kept.REFUSED, Why.LIST if sort is Sort.LIST else Why.AUTOMATIC)


def _returned(opened: _Open, bounce: Bounce) -> None:
    """Tell the outbox which mail did not arrive; its message goes on by the next way, or becomes a call."""
    row, reading = opened.row, opened.act
    sent, is_sure = _spoken_of(row, bounce)
    if sent is None:
        _close(row, reading.now, Kept.REFUSED, Why.NOT_OURS)
        return
    row.patient_id = sent.patient_id
    row.address = _reached_at(row.practice_id, sent) or row.address
    is_gone = is_sure and (bounce.came is Came.GONE or _too_often(row, bounce))
    _close(row, reading.now, Kept.READ)
    data = {"message": sent.message_id, "came": bounce.came.value}
    event = events.MAIL_DELAYED if bounce.came is Came.DELAYED and not is_gone else events.MAIL_RETURNED
    reading.record(event, subject=subject_of(row.pk), patient=sent.patient_id, data=data)
    if event == events.MAIL_RETURNED:
        _report(reading, row, sent, Reason.BAD_ADDRESS if is_gone else Reason.REFUSED)
    if bounce.came is Came.POLICY:
        promise_to_settle(opened.practice, "mail_blocked", by=reading.by, now=reading.now)


def _report(reading: Act, row: RawMail, sent: Mailed, reason: Reason) -> None:
    report = Report(state=State.FAILED, provider_id=sent.provider_id, reason=reason.value, words="came back")
    try:
        take_report(
            practice_id=row.practice_id, message_id=sent.message_id, report=report, by=reading.by, now=reading.now
        )
    except NoSuchMessage:
        return


def _spoken_of(row: RawMail, bounce: Bounce) -> tuple[Mailed | None, bool]:
    """Return the mail that a report speaks of, and whether it names it: an address alone may be anybody's guess."""
    people = {one for address in bounce.known_as for one in patients_at(row.practice_id, "email", address)}
    everybody = people | set(wards_of(row.practice_id, people))
    named = mailed_as(row.practice_id, bounce.refs, everybody)
    if named:
        return named[0], True
    since = row.came_at - SPEAKS_OF
    return last_mailed(row.practice_id, frozenset(bounce.known_as), everybody, since=since), False


def _reached_at(practice_id: UUID, sent: Mailed) -> str:
    if sent.contact_id is None:
        return ""
    return owners_of(practice_id, [sent.contact_id]).get(sent.contact_id, (None, ""))[1]


def _too_often(row: RawMail, bounce: Bounce) -> bool:
    """Three that did not arrive within 14 days: nobody reads there."""
    if bounce.came is Came.POLICY:
        return False
    before = RawMail.objects.filter(
        practice_id=row.practice_id, address=row.address, sort=Sort.BOUNCE.value, patient_id__isnull=False,
        came_at__gt=row.came_at - SOFT_WITHIN,
    )  # fmt: skip
    return before.exclude(pk=row.pk).count() >= SOFT_MOST - 1


def _complained(opened: _Open, bounce: Bounce) -> None:
    """Who calls our mail unwanted gets no more of what is not care."""
    row, reading = opened.row, opened.act
    sent, is_sure = _spoken_of(row, bounce)
    if sent is None or not is_sure:
        _close(row, reading.now, Kept.REFUSED, Why.NOT_OURS)
        return
    row.patient_id = sent.patient_id
    opt_out(
        practice_id=row.practice_id, patient_id=sent.patient_id, channel="email", scope="marketing", how="email",
        by=patient(sent.patient_id), now=reading.now,
    )  # fmt: skip
    _close(row, reading.now, Kept.READ)
    data = {"message": sent.message_id}
    reading.record(events.MAIL_COMPLAINED, subject=subject_of(row.pk), patient=sent.patient_id, data=data)


def _close(row: RawMail, now: datetime, state: Kept, why: Why | None = None) -> None:
    row.state, row.read_at, row.reason = state.value, now, why.value if why else ""
    row.save(
        update_fields=[
            "state", "read_at", "reason", "sort", "address", "subject", "urgency", "patient_id", "message_id",
            "stray_id",
        ]
    )  # fmt: skip
