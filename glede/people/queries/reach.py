"""How people may be reached, for many at once."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import connection

from glede.kernel.failpoints import guard
from glede.people.models import Need
from glede.people.rules.consent import consent_states, opted_out
from glede.people.rules.formats import closed_by
from glede.people.rules.reaching import channels_to_try, likes_calls
from glede.people.values import ConsentFact, Contact, Reach
from glede.practices import scope

FLAGS = (Need.Kind.ANXIOUS, Need.Kind.COMPLEX)


def reach(practice_id: UUID, patient_ids: Iterable[UUID]) -> dict[UUID, Reach]:
    """Return how each of the people may be reached, in one statement however many they are.

    Strangers to the practice are left out. Called inside a transaction that share-locks the people, it
    tells what is true under that lock.
    """
    wanted = set(patient_ids)
    if not wanted:
        return {}
    with scope.transaction(practice_id):
        rows = list(_rows(practice_id, wanted))
    told = {row.head: _reach(row) for row in rows}
    return {
        own: told[row.head] if own == row.head else replace(told[row.head], patient_id=own, merged_into=row.head)
        for row in rows
        for own in row.owns
    }


@dataclass(frozen=True, slots=True)
class _Row:
    """One person as the statement tells of them; ``owns`` are the ids asked for that lead to them."""

    head: UUID
    owns: list[UUID]
    given_name: str
    family_name: str
    language: str
    style: str
    zone: str
    house_language: str
    house_zone: str
    has_died: bool
    is_erased: bool
    is_safeguarded: bool
    guardian_id: UUID | None
    guardian_name: str
    guardian_language: str
    guardian_style: str
    guardian_zone: str
    contacts: list[list[Any]]
    guardian_contacts: list[list[Any]]
    wishes: list[Any] | None
    guardian_wishes: list[Any] | None
    consents: list[list[Any]]
    guardian_consents: list[list[Any]]
    flags: list[str]
    held_until: datetime | None
    formats: list[str]
    guardian_formats: list[str]


_JSON = (
    "contacts", "guardian_contacts", "wishes", "guardian_wishes", "consents", "guardian_consents", "flags", "formats",
    "guardian_formats",
)  # fmt: skip
_NAMES = tuple(field.name for field in fields(_Row))


def _rows(practice_id: UUID, wanted: set[UUID]) -> Iterator[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(_REACH, {"practice": practice_id, "wanted": list(wanted), "flags": list(FLAGS)})
        for values in cursor.fetchall():
            told = dict(zip(_NAMES, values, strict=True))
            yield _Row(**told | {name: json.loads(told[name]) if told[name] else None for name in _JSON})


# Written out: it is asked for every claim and every plan, and building it from models took longer than answering it.
_CONTACTS = """coalesce((
  select json_agg(json_build_array(c.id, c.kind, c.email_key, c.e164, c.is_verified, c.takes_texts)
                  order by c.patient_id <> {first}, c.rank, c.id)
  from people_contactpoint c
  where c.practice_id = p.practice_id and c.patient_id {owners} and c.ended_at is null), '[]')::text"""
_WISHES = """(
  select json_build_array(w.channels, w.days, w.hours_from, w.hours_to, w.pause_until, w.quiet_all,
                          w.preparation_by_text, w.channels_for)
  from people_contactpreference w
  where w.practice_id = p.practice_id and w.patient_id {owners} and w.ended_at is null
  order by w.set_at desc, w.id desc limit 1)::text"""
_CONSENTS = """coalesce((
  select json_agg(json_build_array(e.action, e.purpose, e.channel, e.created_at, e.legal_basis, e.jurisdiction,
                                   e.valid_until))
  from people_consentevent e where e.practice_id = p.practice_id and e.patient_id {owners}), '[]')::text"""
_FORMATS = """coalesce((
  select json_agg(f.code) from people_need f where f.practice_id = p.practice_id and f.patient_id {owners}
  and f.kind = 'format' and f.code <> '' and f.ended_at is null), '[]')::text"""
# "offset 0": asked once a person, and not once for each thing that is asked of all their records.
_OWN_AND_MERGED = "= any (own.ids)"
_REACH = f"""
with heads as (
  select coalesce(merged_into_id, id) as id, array_agg(id) as owns from people_patient
  where practice_id = %(practice)s and id = any (%(wanted)s) group by 1)
select p.id, h.owns, p.given_name, p.family_name, p.language, p.style, p.zone, o.language, o.zone,
  p.deceased_on is not null, p.erased_at is not null, p.safeguarded_since is not null, p.guardian_id,
  coalesce(g.given_name, ''), coalesce(g.language, ''), coalesce(g.style, ''), coalesce(g.zone, ''),
  {_CONTACTS.format(owners=_OWN_AND_MERGED, first="p.id")},
  {_CONTACTS.format(owners="= p.guardian_id", first="p.guardian_id")},
  {_WISHES.format(owners=_OWN_AND_MERGED)}, {_WISHES.format(owners="= p.guardian_id")},
  {_CONSENTS.format(owners=_OWN_AND_MERGED)},
  {_CONSENTS.format(owners="= p.guardian_id")},
  coalesce((select json_agg(n.kind) from people_need n where n.practice_id = p.practice_id
            and n.patient_id {_OWN_AND_MERGED} and n.kind = any (%(flags)s) and n.ended_at is null), '[]')::text,
  (select max(d.until) from people_hold d where d.practice_id = p.practice_id and d.patient_id {_OWN_AND_MERGED}
   and d.ended_at is null),
  {_FORMATS.format(owners=_OWN_AND_MERGED)}, {_FORMATS.format(owners="= p.guardian_id")}
from heads h
join people_patient p on p.practice_id = %(practice)s and p.id = h.id
cross join lateral (select array(
  select m.id from people_patient m where m.practice_id = p.practice_id and m.merged_into_id = p.id) || p.id as ids
  offset 0) own
join outside_practice o on o.id = p.practice_id
left join people_patient g on g.practice_id = p.practice_id and g.id = p.guardian_id
"""  # noqa: S608 - our own words alone


def _reach(row: _Row) -> Reach:
    guarded = row.guardian_id is not None and bool(row.guardian_contacts)
    contacts = _once(_contact(c) for c in (row.guardian_contacts if guarded else row.contacts))
    wishes = (row.guardian_wishes if guarded else row.wishes) or [[], [], None, None, None, False, False, {}]
    channels, days, hours_from, hours_to, pause_until, quiet_all, preparation_by_text, ranked = wishes
    states = consent_states(_fact(fact) for fact in [*row.consents, *(row.guardian_consents if guarded else [])])
    style = row.guardian_style if guarded else row.style
    wished = tuple(channels or ())
    formats = frozenset(row.guardian_formats if guarded else row.formats)
    closed = closed_by(formats) if guard("format") else frozenset()
    return Reach(
        patient_id=row.head,
        given_name=row.given_name,
        family_name=row.family_name,
        language=(row.guardian_language if guarded else row.language) or row.house_language,
        style=style,
        zone=(row.guardian_zone if guarded else row.zone) or row.house_zone,
        contacts=contacts,
        channels=channels_to_try(wished, style, contacts, closed),
        days=frozenset(days or ()),
        hours_from=time.fromisoformat(hours_from) if hours_from else None,
        hours_to=time.fromisoformat(hours_to) if hours_to else None,
        pause_until=datetime.fromisoformat(pause_until).date() if pause_until else None,
        quiet_all=quiet_all,
        opted_out=opted_out(states),
        consents=states,
        deceased=row.has_died,
        merged_into=None,
        guardian_id=row.guardian_id,
        is_under_safeguarding=row.is_safeguarded,
        preparation_by_text=preparation_by_text,
        addressed_name=row.guardian_name if guarded else row.given_name,
        likes_calls="call" not in closed and likes_calls(wished, style),
        is_anxious=Need.Kind.ANXIOUS in row.flags,
        is_complex=Need.Kind.COMPLEX in row.flags,
        is_erased=row.is_erased,
        held_until=row.held_until,
        formats=formats,
        closed=closed,
        channels_for={
            group: channels_to_try(order, style, contacts, closed) for group, order in (ranked or {}).items() if order
        },
    )


def _once(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    """Return each address once, as it stands first: two records of one person may both hold it."""
    first: dict[tuple[str, str], Contact] = {}
    for contact in contacts:
        first.setdefault((contact.kind, contact.address), contact)
    return tuple(first.values())


def _contact(told: list[Any]) -> Contact:
    contact_id, kind, email_key, e164, is_verified, takes_texts = told
    return Contact(UUID(contact_id), kind, e164 or email_key, is_verified, takes_texts)


def _fact(told: list[Any]) -> ConsentFact:
    action, purpose, channel, at, legal_basis, jurisdiction, until = told
    return ConsentFact(
        action=action,
        purpose=purpose,
        channel=channel,
        at=datetime.fromisoformat(at),
        legal_basis=legal_basis,
        jurisdiction=jurisdiction,
        valid_until=datetime.fromisoformat(until) if until else None,
    )
