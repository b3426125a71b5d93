"""Entries of every kind in one person's stream: rows by INSERT … SELECT, events by an act, as everywhere."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from glede.kernel.actor import Actor
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.practices import scope
from glede.promises.operations import NewPromise, make_promises

EVENTS = (
    "diary.appointment.confirmed",
    "diary.appointment.arrived",
    "diary.appointment.done",
    "people.patient.changed",
)
OWED_IN, MOST_OWED = timedelta(days=4000), 20
_ROWS = "from unnest(%(at)s::timestamptz[], %(n)s::int[]) as given (at, n)"
ROWS = {
    "said": """
insert into inbox_inboundmessage (id, practice_id, conversation_id, n, channel, words, received_at, tier, categories,
  must_read_now, lexicon_version, has_safety_net)
select gen_random_uuid(), %(practice)s, %(talk)s, %(last)s + n, 'link', 'May I come an hour later? No ' || n, at, 5,
  '[]', false, '1', false """,
    "answered": """
insert into inbox_reply (id, practice_id, conversation_id, answers_to, words, channel, written_by, written_at)
select gen_random_uuid(), %(practice)s, %(talk)s, 9000000, 'Yes, gladly. No ' || n, 'link', %(by)s, at """,
    "closed": """
insert into inbox_closure (id, practice_id, conversation_id, closes_to, reason, note, closed_by, closed_at)
select gen_random_uuid(), %(practice)s, %(talk)s, 1, 'rang', 'Rang. No ' || n, %(by)s, at """,
    "seen": """
insert into inbox_assessment (id, practice_id, conversation_id, assesses_to, tier_before, reason, assessed_by,
  assessed_at)
select gen_random_uuid(), %(practice)s, %(talk)s, 1, 2, 'An old floater. No ' || n, %(by)s, at """,
    "told": """
insert into feedback_response (id, practice_id, appointment_id, patient_id, score, words, given_at, is_unhappy, tier,
  categories)
select gen_random_uuid(), %(practice)s, %(visit)s, %(patient)s, 5, 'Calm. No ' || n, at, false, 5, '[]' """,
    "sent": """
with touch as (
insert into outbox_touch (id, practice_id, "row", journey_version, subject_kind, subject_id, subject_version,
  occurrence, live, patient_id, purpose, lane, act, due_at, fate, reason, closed_at, why, planned_at)
select gen_random_uuid(), %(practice)s, 'bench', 1, 'patient', gen_random_uuid(), 1, n, true, %(patient)s, 'reminder',
  'care', 'message', at, 'done', '', at, '{}', at {rows} returning id, due_at, occurrence)
insert into outbox_message (id, practice_id, touch_id, n, lane, live, channel, language, state, reason, due_at, held_by,
  tries, fence, sent_at, closed_at, message_ref, provider_id, in_reply_to, subject_line, body)
select gen_random_uuid(), %(practice)s, id, 1, 'care', true, 'email', 'en', 'delivered', '', due_at, '', 1, 1, due_at,
  due_at, '', '', '', 'Your visit', 'See you soon. No ' || occurrence from touch """,
}


def fill(practice_id: UUID, patient_id: UUID, visit_id: UUID, by: Actor, moments: Sequence[datetime]) -> None:
    """Let something happen with a person at each of these moments: kind by kind in turn, a little of it still owed."""
    kinds = [*ROWS, "did", "did", "said", "sent", "promised"]
    at: dict[str, list[datetime]] = {kind: [] for kind in kinds}
    for number, moment in enumerate(moments):
        at[kinds[number % len(kinds)]].append(moment)
    at["did"] += at["promised"][MOST_OWED:]
    with scope.transaction(practice_id), connection.cursor() as cursor:
        given: dict[str, Any] = {"practice": practice_id, "patient": patient_id, "visit": visit_id, "by": by.id}
        given["talk"], given["last"] = _conversation(practice_id, patient_id, moments[0])
        for kind, statement in ROWS.items():
            words = statement.replace("{rows}", _ROWS) if "{rows}" in statement else statement + _ROWS
            cursor.execute(words, given | {"at": at[kind], "n": list(range(1, len(at[kind]) + 1))})
    with act(practice_id, by=by, now=moments[0]) as acting:
        acting.lock(Ref("patient", patient_id))
        for number, moment in enumerate(at["did"]):
            acting.now = moment
            acting.record(EVENTS[number % len(EVENTS)], subject=Ref("patient", patient_id), patient=patient_id)
    owed = [
        NewPromise("call", Ref("patient", patient_id), moment + OWED_IN, f"bench:{new_id()}", patient_id=patient_id)
        for moment in at["promised"][:MOST_OWED]
    ]
    make_promises(practice_id=practice_id, new=owed, by=by, now=moments[0])


def _conversation(practice_id: UUID, patient_id: UUID, now: datetime) -> tuple[UUID, int]:
    """Return the conversation of a person, begun where there was none, and the number of its last message."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into inbox_conversation (id, practice_id, patient_id, started_at) values (%s, %s, %s, %s)"
            " on conflict do nothing",
            [new_id(), practice_id, patient_id, now],
        )
        cursor.execute(
            "select c.id, coalesce(max(m.n), 0) from inbox_conversation c left join inbox_inboundmessage m"
            " on m.practice_id = c.practice_id and m.conversation_id = c.id"
            " where c.practice_id = %s and c.patient_id = %s group by c.id",
            [practice_id, patient_id],
        )
        talk, last = cursor.fetchone()
        return talk, last
