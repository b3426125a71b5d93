"""All that is known of visits, for many at once, in one written statement."""

import json
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from glede.diary.facts import PartFacts, Telling, VisitFacts
from glede.diary.rules import HOLDING, State
from glede.kernel.ids import link_code
from glede.practices import scope

# A visit that did not and will not take place makes nobody's next visit their second.
NOT_A_VISIT = (State.CANCELLED, State.ENTERED_IN_ERROR, State.MISSED)


def facts_for(practice_id: UUID, appointment_ids: Iterable[UUID]) -> list[VisitFacts]:
    """Return all that is known of these visits, in the order of their ids; those not found are left out."""
    wanted = list(set(appointment_ids))
    return _told(practice_id, "a.id = any (%(wanted)s)", {"wanted": wanted}) if wanted else []


def facts_of_people(practice_id: UUID, patient_ids: Iterable[UUID], *, since: datetime) -> list[VisitFacts]:
    """Return all that is known of these people's visits that begin after ``since``, history left out, by their ids."""
    given = {"wanted": list(set(patient_ids)), "since": since}
    which = "a.patient_id = any (%(wanted)s) and a.starts_at > %(since)s and not a.is_history"
    return _told(practice_id, which, given) if given["wanted"] else []


def _told(practice_id: UUID, which: str, given: dict[str, Any]) -> list[VisitFacts]:
    words = {"practice": practice_id, "no_visit": [state.value for state in NOT_A_VISIT]}
    words["standing"] = [state.value for state in HOLDING]
    with scope.transaction(practice_id), connection.cursor() as cursor:
        cursor.execute(_FACTS.format(which=which), given | words)
        return [_facts(dict(zip(_NAMES, row, strict=True))) for row in cursor.fetchall()]


_COPIED = (
    "patient_id", "day", "wall_time", "zone", "starts_at", "ends_at", "minutes", "is_day_visit", "is_history", "source",
    "external_id", "booked_at", "booked_by", "confirmed_at", "arrived_at", "started_at", "done_at", "missed_at",
    "cancelled_at", "cancelled_by", "cancel_reason", "moved_at", "moved_by", "late_minutes", "late_told_at",
    "delay_minutes", "delay_told_at", "practitioner_id", "service_id",
)  # fmt: skip
_OF_OTHERS = {
    "practitioner_name": "coalesce(p.display_name, '')",
    "practitioner_given_name": "coalesce(p.given_name, '')",
    "practitioner_title": "coalesce(p.title, '')",
    "service_code": "coalesce(s.code, '')",
    "service_name": "s.name::text",
    "what_to_bring": "s.what_to_bring::text",
    "price_minor_units": "s.price_minor_units",
    "price_to_minor_units": "s.price_to_minor_units",
    "version": "coalesce(l.version, 1)",
    "is_first_visit": "a.starts_at <= coalesce(f.first, a.starts_at)",
    "appointment_id": "a.id",
    "state": "a.state",
    "link_counter": "a.link_counter",
    "more_time": "a.more_time::text",
    "part_of": "a.part_of_id",
    "series_id": "a.series_id",
    "series_number": "a.series_number",
    "telling": (
        "case when e.id is null then '' when e.booked_at is null then 'waits'"
        " when e.told_by is distinct from a.series_number and a.booked_at <= e.booked_at then 'elsewhere' else '' end"
    ),
    "series_days": "coalesce(d.days, '{{}}')",
    "part": (
        "case when t.id is not null then json_build_object('id', t.id, 'at', t.wall_time, 'starts', t.starts_at,"
        " 'ends', t.ends_at, 'who', coalesce(tp.display_name, ''), 'given', coalesce(tp.given_name, ''),"
        " 'service', ts.name)::text end"
    ),
}
_NAMES = (*_COPIED, *_OF_OTHERS)
_FACTS = f"""
select {", ".join(f"a.{name}" for name in _COPIED)}, {", ".join(_OF_OTHERS.values())}
from diary_appointment a
left join staff_practitioner p on p.practice_id = a.practice_id and p.id = a.practitioner_id
left join catalogue_service s on s.practice_id = a.practice_id and s.id = a.service_id
left join ledger_subject l on l.practice_id = a.practice_id and l.kind = 'appointment' and l.subject_id = a.id
left join diary_appointment t on t.practice_id = a.practice_id and t.part_of_id = a.id and t.state = any(%(standing)s)
left join staff_practitioner tp on tp.practice_id = a.practice_id and tp.id = t.practitioner_id
left join catalogue_service ts on ts.practice_id = a.practice_id and ts.id = t.service_id
left join diary_series e on e.practice_id = a.practice_id and e.id = a.series_id
left join lateral (
  select array_agg(o.day order by o.starts_at) as days from diary_appointment o
  where o.practice_id = a.practice_id and o.series_id = e.id and e.told_by = a.series_number and o.id <> a.id
    and o.state <> all (%(no_visit)s)) d on e.id is not null
left join lateral (
  select min(o.starts_at) as first from diary_appointment o
  where o.practice_id = a.practice_id and o.patient_id = a.patient_id and o.state <> all (%(no_visit)s)) f on true
where a.practice_id = %(practice)s and {{which}} order by a.id
"""  # noqa: S608 - our own words alone


def _facts(row: dict[str, Any]) -> VisitFacts:
    counter, state = row.pop("link_counter"), State(row.pop("state"))
    row["more_time"] = tuple(json.loads(row["more_time"]))
    row["telling"], row["series_days"] = Telling(row["telling"]), tuple(row["series_days"])
    row["then"] = _part(json.loads(part)) if (part := row.pop("part")) else None
    for name in ("service_name", "what_to_bring"):
        row[name] = json.loads(row[name]) if row[name] else {}
    return VisitFacts(
        state=state,
        is_imported=row["booked_by"] == "import",
        link_code=link_code(settings.GLEDE_LINK_KEY, row["appointment_id"], counter),
        **row,
    )


def _part(said: dict[str, Any]) -> PartFacts:
    return PartFacts(
        appointment_id=UUID(said["id"]),
        wall_time=time.fromisoformat(said["at"]),
        starts_at=datetime.fromisoformat(said["starts"]),
        ends_at=datetime.fromisoformat(said["ends"]),
        practitioner_name=said["who"],
        practitioner_given_name=said["given"],
        service_name=said["service"] or {},
    )
