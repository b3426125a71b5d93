"""A campaign to many while reminders fall due: how long unfolding takes, and how late a reminder leaves meanwhile.

One process unfolds, as the task does; another sends, as a worker does, to a mail server that keeps nothing. A reminder
falls due ten times a second. The limit is the same touches and messages copied into twins of their tables, in portions
of the same size.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections
from psycopg import sql

from glede.kernel import clock
from glede.kernel.actor import SYSTEM
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.outbox import composing
from glede.outbox import operations as outbox
from glede.outbox.bench import KIND, open_practice, sink, write
from glede.outbox.hands import is_flat, memory, together
from glede.outbox.models import CampaignPerson, Message
from glede.outbox.operations import plan_touches
from glede.outbox.operations.campaigning import PORTION
from glede.outbox.sending import send_on
from glede.outbox.touches import PlannedTouch
from glede.people.operations import add_patients
from glede.people.values import PersonForm
from glede.practices import scope

PEOPLE, SECONDS, A_SECOND = 50_000, 60, 10
TARGET_SECONDS = 60.0  # to unfold them all; and what no due reminder may be late by
OWNER = "owner"
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
_AGREED = """
insert into people_consentevent (id, practice_id, patient_id, action, purpose, channel, brand_scope, jurisdiction,
  legal_basis, wording_text, wording_version, language, form_id, collected_via, actor_role, proof_ref, created_at,
  processed_at)
select gen_random_uuid(), practice_id, id, 'grant', 'marketing', 'email', '', '', '', '', '', '', '', 'in_person',
  'system', '', %s, %s from people_patient where practice_id = %s
"""
WORDS = {"en": {"subject": "An evening at {practice}", "text": "Dear {first_name}, come and see us on Thursday."}}


def measure(people: int = PEOPLE, seconds: float = SECONDS) -> dict[str, Any]:
    """Unfold a campaign to so many people while reminders fall due for so many seconds."""
    composing.register(KIND, write)
    with sink() as port:
        settings.GLEDE_SMTP_URL = f"smtp://127.0.0.1:{port}/"
        practice_id = open_practice(NOON)
        listed = _people(practice_id, people)
        reminders = max(1, int(seconds * A_SECOND))
        plan_touches(practice_id=practice_id, touches=_reminders(listed, reminders), by=SYSTEM, now=NOON)
        campaign_id = _campaign(practice_id, listed)
        _, (unfolded, sent) = together(2, lambda hand: _work(hand, practice_id, campaign_id, people, seconds))
    late = _late(practice_id)
    limit = _limit(practice_id)
    late_most = late[-1] if len(late) == reminders else float("inf")
    figure, held = unfolded["seconds"], unfolded["memory"]
    return {
        "bench": "campaign",
        "figure": round(figure, 2),
        "unit": "seconds to unfold",
        "limit": round(limit, 4),
        "limit_words": "the same touches and messages copied into twins of their tables, in portions of the same size",
        "ratio": round(limit / figure, 2) if figure else None,
        "target": TARGET_SECONDS,
        "people": people,
        "reminders": reminders,
        "reminders_left": len(late),
        "late_p50_seconds": round(late[len(late) // 2], 2) if late else None,
        "late_most_seconds": round(late[-1], 2) if late else None,
        "sent_a_second": round(sent["sent"] / sent["seconds"], 1),
        "memory_mb": held,
        "memory_flat": is_flat(held["a_tenth"], held["all"]),
        "ok": figure <= TARGET_SECONDS * people / PEOPLE
        and late_most <= TARGET_SECONDS
        and is_flat(held["a_tenth"], held["all"]),
    }


def _people(practice_id: UUID, people: int) -> list[UUID]:
    forms = [PersonForm(given_name=f"Person {n}", emails=(f"person{n}@example.org",)) for n in range(people)]
    listed = [i for i in add_patients(practice_id=practice_id, rows=forms, by=SYSTEM, now=NOON).ids if i is not None]
    with connections[OWNER].cursor() as cursor:
        cursor.execute("select set_config('glede.practices', %s, false)", [str(practice_id)])
        cursor.execute(_AGREED, [NOON, NOON, practice_id])
        cursor.execute("analyze")
    return listed


def _reminders(listed: list[UUID], many: int) -> list[PlannedTouch]:
    return [
        PlannedTouch(
            row="6", journey_version=1, subject=Ref(KIND, new_id()), subject_version=1,
            patient_id=listed[n % len(listed)], purpose="reminder", lane="reminder", channel="email",
            due_at=NOON + timedelta(seconds=n / A_SECOND), late_after=NOON + timedelta(hours=6),
        )
        for n in range(many)
    ]  # fmt: skip


def _campaign(practice_id: UUID, listed: list[UUID]) -> UUID:
    new = outbox.NewCampaign("Evening", "offer", WORDS, listed)
    campaign_id = outbox.make_campaign(practice_id=practice_id, new=new, by=SYSTEM, now=NOON).pk
    outbox.start_campaign(practice_id=practice_id, campaign_id=campaign_id, by=SYSTEM, now=NOON)
    return campaign_id


def _work(hand: int, practice_id: UUID, campaign_id: UUID, people: int, seconds: float) -> dict[str, Any]:
    began = clock.monotonic()

    def now() -> datetime:
        return NOON + timedelta(seconds=clock.monotonic() - began)

    if hand == 0:
        early_mb = 0.0
        while left := outbox.unfold_campaign(practice_id=practice_id, campaign_id=campaign_id, by=SYSTEM, now=now()):
            if not early_mb and left <= people * 9 // 10:
                early_mb = memory()
        end_mb = memory()
        held = {"a_tenth": round(early_mb or end_mb, 1), "all": round(end_mb, 1)}
        return {"seconds": clock.monotonic() - began, "memory": held}
    sent = 0
    while (passed := clock.monotonic() - began) < seconds or _has_reminders(practice_id):
        told = send_on(practice_id, now=now, batches=10)
        sent += told.accepted
        if not told.taken:
            clock.wait(0.05)
    return {"seconds": passed, "sent": sent}


def _has_reminders(practice_id: UUID) -> bool:
    with scope.transaction(practice_id):
        return Message.objects.filter(lane="reminder", state__in=["planned", "ready"]).exists()


def _late(practice_id: UUID) -> list[float]:
    """By how many seconds each reminder left after it was due, the latest last."""
    with scope.transaction(practice_id):
        rows = Message.objects.filter(lane="reminder", sent_at__isnull=False).values_list("sent_at", "due_at")
        return sorted(max(0.0, (sent - due).total_seconds()) for sent, due in rows if sent)


def _limit(practice_id: UUID) -> float:
    with scope.transaction(practice_id):
        portions = range(0, CampaignPerson.objects.count(), PORTION)
    took = 0.0
    with connections[OWNER].cursor() as cursor:
        cursor.execute("select set_config('glede.practices', %s, false)", [str(practice_id)])
        for table, which in (("outbox_touch", "occurrence"), ("outbox_message", "")):
            names = {"table": sql.Identifier(table), "twin": sql.Identifier(f"twin_{table}")}
            cursor.execute(sql.SQL("create table {twin} (like {table} including all)").format(**names))
            ids = _ids_in_order(cursor, bool(which))
            for start in portions:
                some = ids[start : start + PORTION]
                began = clock.monotonic()
                cursor.execute(
                    sql.SQL("insert into {twin} select * from {table} where id = any (%s)").format(**names), [some]
                )
                took += clock.monotonic() - began
            cursor.execute(sql.SQL("drop table {twin}").format(**names))
    return took


def _ids_in_order(cursor: Any, of_touches: bool) -> list[UUID]:
    cursor.execute(
        "select t.id, m.id from outbox_touch t join outbox_message m on m.touch_id = t.id and m.n = 1"
        " where t.lane = 'marketing' order by t.occurrence"
    )
    return [touch if of_touches else message for touch, message in cursor.fetchall()]
