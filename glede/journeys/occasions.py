"""The days of people that no visit makes: birthdays, when they are due again, how long they have been silent.

One statement finds those on which a row falls due between two days, for everybody or for some; what is not near costs
nothing. A month a clinician named is spread over its days, each person always on the same one, so that the first of a
month is a day like any other.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from glede.diary.rules import AHEAD, State
from glede.journeys.document import LASTS_MINUTES, OCCASIONS, Document
from glede.journeys.facts import Occasion
from glede.journeys.hours import at_wall, day_of
from glede.kernel.ref import Ref
from glede.practices.models import Practice

KINDS = {"birthday": "person_year", "recall_due": "recall", "silent": "person"}
"""What kind of subject the touches of each trigger are about."""
NEAR = timedelta(days=7)
"""So long before its day a row is planned, and stands on the board."""
SEEN_BACK = timedelta(minutes=LASTS_MINUTES, days=2)
"""A day longer ago is settled: no row about it may still leave, and what came too late has its fate."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days, both counted, on which a row may fall due; ``undecided``: those alone that nothing is planned of."""

    first: date
    last: date
    undecided: bool = False


def window(practice: Practice, now: datetime, until: datetime | None = None) -> Window:
    """Return the days planning looks at: those of the last week and the next, or up to ``until``."""
    today = day_of(now, practice.zone)
    return Window(today - SEEN_BACK, day_of(until, practice.zone) if until else today + NEAR)


def near(
    practice: Practice, journey: Document, days: Window, people: Collection[UUID] | None = None
) -> dict[UUID, list[Occasion]]:
    """Return whose days make a row of the journey fall due in the window; of ``people``, where they are named."""
    found: dict[UUID, list[Occasion]] = {}
    for head, trigger, kind, subject, day, known_at, is_met, is_agreed in _asked(practice, journey, days, people):
        noon = at_wall(day, time(12), practice.zone)
        occasion = Occasion(trigger, Ref(kind, subject), day, noon, known_at, is_met, is_agreed)
        found.setdefault(head, []).append(occasion)
    return found


def next_day(practice: Practice, journey: Document, after: date) -> date | None:
    """Return the first day after ``after`` on which a row about such a day falls due, as things stand."""
    months = max((row.when.months for row in journey.rows if row.is_on), default=0)
    days = Window(after + timedelta(days=1), after + timedelta(days=370 + 31 * months))
    asked = _question(practice, journey, days, None)
    if asked is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"{asked[0]} select min(due) from due where not is_met", asked[1])  # noqa: S608 - our own words
        found: tuple[date | None] | None = cursor.fetchone()
        return found[0] if found else None


def _asked(
    practice: Practice, journey: Document, days: Window, people: Collection[UUID] | None
) -> Iterator[tuple[UUID, str, str, UUID, date, datetime | None, bool, bool]]:
    asked = _question(practice, journey, days, people)
    if asked is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"{asked[0]} {_UNDECIDED if days.undecided else _ALL}", asked[1])
        yield from cursor.fetchall()


def _question(
    practice: Practice, journey: Document, days: Window, people: Collection[UUID] | None
) -> tuple[str, dict[str, Any]] | None:
    """Return the statement that finds what falls due, and what it is given; None where no row is about such a day."""
    rows = [(trigger, row) for row in journey.rows if row.is_on for trigger in sorted(OCCASIONS & set(row.triggers))]
    if not rows:
        return None
    some = "" if people is None else "and (p.id = any (%(people)s) or p.merged_into_id = any (%(people)s))"
    parts = [_PARTS[trigger].format(some=some) for trigger in sorted({trigger for trigger, _row in rows})]
    given = {
        "practice": practice.pk,
        "live": practice.is_live,
        "zone": practice.zone,
        "people": None if people is None else list(people),
        "first": days.first,
        "last": days.last,
        "triggers": [trigger for trigger, _row in rows],
        "rows": [row.row for _trigger, row in rows],
        "months": [row.when.months for _trigger, row in rows],
        "days": [row.when.days for _trigger, row in rows],
        "ahead": [state.value for state in AHEAD],
        "met": [state.value for state in (*AHEAD, State.ARRIVED, State.WITH, State.DONE)],
    }
    return f"with {_ROWS}, occasion ({_COLUMNS}) as ({' union all '.join(parts)}), {_DUE}", given


_ROWS = """rows as (
  select * from unnest(%(triggers)s::text[], %(rows)s::text[], %(months)s::int[], %(days)s::int[])
    as r (trigger, "row", months, days))"""
_COLUMNS = "head, trigger, kind, subject, day, known_at, is_met, is_agreed"
_LIVING = "p.practice_id = %(practice)s and p.erased_at is null and p.deceased_on is null"
_PARTS = {
    # 29 February is the 28th where there is none: a day that is missing is the last of its month.
    "birthday": f"""
select p.id, 'birthday', 'person_year', md5(p.id::text || y)::uuid,
  (p.birth_date + make_interval(years => y - extract(year from p.birth_date)::int))::date,
  null::timestamptz, false, false
from people_patient p
cross join generate_series(extract(year from %(first)s::date)::int - 1, extract(year from %(last)s::date)::int + 1) y
where {_LIVING} and p.merged_into_id is null and p.birth_date is not null {{some}}""",  # noqa: S608 - our own words alone
    "recall_due": f"""
select coalesce(p.merged_into_id, p.id), 'recall_due', 'recall', n.id,
  n.due_month + get_byte(uuid_send(n.patient_id), 15) %% 28, n.set_at,
  exists (select 1 from diary_appointment a join people_patient m on m.practice_id = a.practice_id
    and m.id = a.patient_id where a.practice_id = n.practice_id
    and a.patient_id in (select o.id from people_patient o where o.practice_id = n.practice_id
      and (o.id = coalesce(p.merged_into_id, p.id) or o.merged_into_id = coalesce(p.merged_into_id, p.id)))
    and a.day > (n.set_at at time zone %(zone)s)::date and a.state = any (%(met)s)),
  n.appointment_id is not null
from recall_nextvisit n join people_patient p on p.practice_id = n.practice_id and p.id = n.patient_id
where n.practice_id = %(practice)s and n.ended_at is null and n.due_month is not null and {_LIVING} {{some}}
  and exists (select 1 from rows r where r.trigger = 'recall_due'
    and n.due_month between (%(first)s::date - make_interval(days => r.days + 28))::date
                        and (%(last)s::date - make_interval(days => r.days))::date)""",  # noqa: S608 - our own words alone
    # Whoever is due again, or has a visit to come, is not silent.
    "silent": f"""
select s.head, 'silent', 'person', md5(s.head::text || s.last_day)::uuid, s.last_day, null::timestamptz,
  false, false
from (
  select coalesce(p.merged_into_id, p.id) as head, max(a.day) filter (where a.state = 'done') as last_day,
    bool_or(a.state = any (%(ahead)s)) as is_coming
  from diary_appointment a join people_patient p on p.practice_id = a.practice_id and p.id = a.patient_id
  where a.practice_id = %(practice)s and {_LIVING} {{some}} group by 1) s
where s.last_day is not null and not s.is_coming and not exists (
  select 1 from recall_nextvisit n join people_patient o on o.practice_id = n.practice_id and o.id = n.patient_id
  where n.practice_id = %(practice)s and coalesce(o.merged_into_id, o.id) = s.head and n.ended_at is null
    and n.due_month is not null)""",  # noqa: S608 - our own words alone
}  # fmt: skip
_DUE = """due as (
  select o.*, r."row", (o.day + make_interval(months => r.months, days => r.days))::date as due
  from occasion o join rows r on r.trigger = o.trigger
  where (o.day + make_interval(months => r.months, days => r.days))::date between %(first)s and %(last)s)"""
_SELECT = f"select distinct {_COLUMNS} from due d"  # noqa: S608 - our own words alone
_ALL = f"{_SELECT} order by head, trigger, day"
_UNDECIDED = f"""{_SELECT} where not is_met and not exists (
  select 1 from outbox_touch t where t.practice_id = %(practice)s and t.subject_id = d.subject
    and t.subject_kind = d.kind and t."row" = d."row" and t.live = %(live)s)"""  # noqa: S608 - our own words alone
