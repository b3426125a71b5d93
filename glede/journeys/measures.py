"""What came of each row over a span: three statements, each over all rows at once. What counts is in ``measured``."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from glede.channels.events import MAIL_COMPLAINED
from glede.journeys.gathering import SUBJECT
from glede.journeys.measured import DAYS_AFTER, Followed, Measured, Standing, Texts, measured
from glede.outbox.rules import PENDING, WENT
from glede.people.rules.consent import WITHDRAWALS


def counted(
    practice_id: UUID, acts: Mapping[str, frozenset[str]], *, since: datetime, until: datetime, now: datetime
) -> dict[str, Measured]:
    """Count what fell due from ``since`` until ``until`` for each row of ``acts``; asked inside its transaction.

    What follows a message counts for the last one before it alone: about the same visit, or to the same person.
    """
    given = {
        "practice": practice_id, "since": since, "until": until, "now": now, "subject": SUBJECT,
        "went": sorted(state.value for state in WENT), "pending": sorted(state.value for state in PENDING),
        "withdrawals": sorted(WITHDRAWALS), "mail_complained": MAIL_COMPLAINED,
        **{name: timedelta(days=days) for name, days in DAYS_AFTER.items()},
    }  # fmt: skip
    with connection.cursor() as cursor:
        standing = [Standing(*row) for row in _asked(cursor, _STANDING, given)]
        followed = [Followed(row, frozenset(what), n) for row, what, n in _asked(cursor, _FOLLOWED, given)]
        texts = [Texts(*row) for row in _asked(cursor, _TEXTS, given)]
    return measured(acts, standing, followed, texts)


def _asked(cursor: Any, statement: str, given: Mapping[str, Any]) -> list[Any]:
    cursor.execute(statement, given)
    return list(cursor.fetchall())


# The last message of each touch as "none comes after it", which runs along two indexes.
_STANDING = """
select t.row, t.live, coalesce(m.state, ''), t.fate, coalesce(nullif(m.reason, ''), t.reason),
  case when m.state = any(%(pending)s) then case when m.held_until > %(now)s then m.held_by else '' end
    when m.state = any(%(went)s) then coalesce(t.why->>'held_by', '') else '' end,
  t.fate = 'handed' and exists (
    select 1 from journeys_calloutcome c where c.practice_id = t.practice_id and c.subject_id = t.subject_id
      and c.subject_version = t.subject_version and c.row = t.row and c.code = 'reached'),
  count(*)
from outbox_touch t left join outbox_message m on m.practice_id = t.practice_id and m.touch_id = t.id and not exists (
  select 1 from outbox_message later
  where later.practice_id = m.practice_id and later.touch_id = m.touch_id and later.n > m.n)
where t.practice_id = %(practice)s and t.due_at >= %(since)s and t.due_at < %(until)s
group by 1, 2, 3, 4, 5, 6, 7
"""
# Of each message that left: until when what its person does, and what happens to its visit, is counted for it.
_FOLLOWED = """
with sent as materialized (
  select t.id, t.row, t.patient_id, t.subject_kind, t.subject_id, m.sent_at,
    lead(m.sent_at, 1, 'infinity') over (partition by t.patient_id order by m.sent_at, t.id) as person_until,
    lead(m.sent_at, 1, 'infinity') over (
      partition by t.subject_kind, t.subject_id order by m.sent_at, t.id) as visit_until
  from outbox_touch t join outbox_message m on m.practice_id = t.practice_id and m.touch_id = t.id
  where t.practice_id = %(practice)s and t.due_at >= %(since)s and t.due_at < %(until)s and t.live
    and m.state = any(%(went)s)
), followed as (
  select s.id, 'answered' as what from sent s
  join inbox_conversation c on c.practice_id = %(practice)s and c.patient_id = s.patient_id
  join inbox_inboundmessage i on i.practice_id = c.practice_id and i.conversation_id = c.id
  where i.received_at >= greatest(s.sent_at, %(since)s) and i.received_at < least(person_until, sent_at + %(answered)s)
  union
  select s.id, 'stopped' from sent s
  join people_consentevent e on e.practice_id = %(practice)s and e.patient_id = s.patient_id
  where e.action = any(%(withdrawals)s)
    and e.created_at >= s.sent_at and e.created_at < least(person_until, sent_at + %(stopped)s)
  union
  select s.id, 'complained' from sent s
  join ledger_event e on e.practice_id = %(practice)s and e.kind = %(mail_complained)s and e.patient_id = s.patient_id
  where e.at >= s.sent_at and e.at < least(person_until, sent_at + %(complained)s)
  union
  select s.id, unnest(case when r.is_unhappy and r.given_at < s.sent_at + %(complained)s
    then array['rated', 'complained'] else array['rated'] end)
  from sent s join feedback_response r on r.practice_id = %(practice)s and r.appointment_id = s.subject_id
  where s.subject_kind = %(subject)s
    and r.given_at >= s.sent_at and r.given_at < least(visit_until, sent_at + %(rated)s)
  union
  select s.id, case when h.change = 'arrived' then 'came' else 'changed' end
  from sent s join diary_statechange h on h.practice_id = %(practice)s and h.appointment_id = s.subject_id
  where s.subject_kind = %(subject)s and h.at >= s.sent_at and h.at < visit_until
    and (h.change = 'arrived' and h.at < s.sent_at + %(came)s
      or h.change in ('confirmed', 'moved', 'cancelled') and h.actor_role = 'patient'
        and h.at < s.sent_at + %(changed)s)
  union
  select s.id, 'booked' from sent s
  join diary_appointment a on a.practice_id = %(practice)s and a.patient_id = s.patient_id and a.id <> s.subject_id
  where a.booked_at >= s.sent_at and a.booked_at < least(person_until, sent_at + %(booked)s)
    and a.booked_by <> 'import' and not a.is_history
), together as (select id, array_agg(what order by what) as what from followed group by id)
select s.row, f.what, count(*) from together f join sent s on s.id = f.id group by 1, 2
"""
_TEXTS = """
select t.row, count(*), sum(m.parts), count(m.price), sum(m.price), m.price_currency
from outbox_touch t join outbox_message m on m.practice_id = t.practice_id and m.touch_id = t.id
where t.practice_id = %(practice)s and t.due_at >= %(since)s and t.due_at < %(until)s
  and m.live and m.channel = 'sms' and m.parts > 0 and m.sent_at is not null
group by t.row, m.price_currency
"""
