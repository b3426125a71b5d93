"""Keep what a provider of e-mail calls to tell, then read it once; and take the same from its lists."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import F
from procrastinate.contrib.django import app

from glede.channels import events
from glede.channels.mailapi.reading import News, Sort, read_call
from glede.channels.models import MailAccount, MailCall
from glede.channels.operations.mails import subject_of
from glede.channels.operations.telling import promise_to_settle
from glede.kernel.actor import Actor, patient
from glede.ledger.operations import Act, act, once
from glede.outbox.operations import NoSuchMessage, take_report
from glede.outbox.returned import Mailed, mail_behind
from glede.people.operations import opt_out
from glede.practices import scope
from glede.practices.queries import practice_by_id
from glede.practices.sealing import InvalidToken, seal, unseal

BLOCKED: Final = "mail_blocked"
AT_ONCE: Final = 200


def store_mail_call(*, practice_id: UUID, account_id: UUID, called: str, body: bytes, now: datetime) -> bool:
    """Keep a call as it came and wake its reader, in one commit; return False for one that is kept already."""
    with scope.transaction(practice_id):
        _row, is_new = MailCall.objects.get_or_create(
            practice_id=practice_id, called=called,
            defaults={"account_id": account_id, "sealed": seal(body), "came_at": now},
        )  # fmt: skip
        if is_new:
            app.configure_task("channels.read_mail_calls").defer(practice_id=str(practice_id))
    return is_new


def waiting_calls(practice_id: UUID) -> list[UUID]:
    """Return the calls that nobody has read yet, the oldest first."""
    with scope.transaction(practice_id):
        rows = MailCall.objects.filter(practice_id=practice_id, state="stored").order_by("id")
        return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def read_mail_call(*, practice_id: UUID, call_id: UUID, by: Actor, now: datetime) -> None:
    """Let follow from one kept call what must, once; one that is read, or being read, is left alone."""
    with act(practice_id, by=by, now=now) as reading:
        rows = MailCall.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        row = rows.filter(practice_id=practice_id, pk=call_id, state="stored").select_related("account").first()
        if row is None or row.sealed is None:
            return
        try:
            news = read_call(row.account.provider, unseal(row.sealed))
        except InvalidToken:
            news = News(Sort.REFUSED, "sealed")
        sent = _follow(reading, news)
        reason = "" if sent else news.reason or "not_ours"
        row.state, row.sort, row.reason = ("taken" if sent else "refused"), news.sort.value, reason
        row.message_id, row.sealed, row.read_at = (sent.message_id if sent else None), None, now
        row.save(update_fields=["state", "sort", "reason", "message_id", "sealed", "read_at"])


def take_mail_news(*, practice_id: UUID, news: News, by: Actor, now: datetime) -> bool:
    """Let follow from an entry of the provider's list what must; return whether it was about a mail of ours."""
    with act(practice_id, by=by, now=now) as taking:
        return _follow(taking, news) is not None


def _follow(this: Act, news: News) -> Mailed | None:
    """Do what one piece of news means, and return the mail it is about; None where it concerns nobody here."""
    if news.sort is Sort.REFUSED:
        return None
    sent = mail_behind(this.practice_id, news.message_id, news.provider_id)
    if sent is None:
        return None
    if news.report is not None:
        try:
            take_report(
                practice_id=this.practice_id, message_id=sent.message_id, report=news.report, by=this.by, now=this.now
            )
        except NoSuchMessage:
            return None
    if news.sort is Sort.BLOCKED:
        promise_to_settle(practice_by_id(this.practice_id), BLOCKED, by=this.by, now=this.now)
    elif news.sort in {Sort.COMPLAINT, Sort.OPT_OUT}:
        _wants_no_more(this, news, sent)
    return sent


def _wants_no_more(this: Act, news: News, sent: Mailed) -> None:
    """Who calls our mail unwanted gets no more of what is not care: at once, and once however often it is told."""
    key = uuid5(NAMESPACE_URL, f"{this.practice_id}:{sent.message_id}:{news.sort.value}")
    if not once(this, key).is_first:
        return
    opt_out(
        practice_id=this.practice_id, patient_id=sent.patient_id, channel="email", scope="marketing", how="email",
        by=patient(sent.patient_id), now=this.now,
    )  # fmt: skip
    if news.sort is Sort.COMPLAINT:
        data = {"message": sent.message_id}
        this.record(events.MAIL_COMPLAINED, subject=subject_of(key), patient=sent.patient_id, data=data)


def note_forged_call(practice_id: UUID, now: datetime) -> None:
    """Count a call to our address that proved nothing. ``now`` is real time."""
    with scope.transaction(practice_id):
        standing = MailAccount.objects.filter(practice_id=practice_id, ended_at=None)
        standing.update(forged=F("forged") + 1, forged_at=now)


def note_mails_swept(practice_id: UUID, now: datetime) -> None:
    """Remember how far the provider's list was read."""
    with scope.transaction(practice_id):
        MailAccount.objects.filter(practice_id=practice_id, ended_at=None).update(swept_at=now)
