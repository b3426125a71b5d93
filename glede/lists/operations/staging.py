"""Put a list in, answer what is asked about it, or throw it away. Nothing of a person or a visit is written here."""

from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from glede.catalogue.operations import add_service
from glede.catalogue.rules import ServiceForm
from glede.kernel.actor import Actor
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.lists import events, keeping
from glede.lists.looking import look, pairs
from glede.lists.models import BroughtList, ListSource
from glede.lists.operations.holding import locked, looked_at, place_of, what_of
from glede.lists.operations.reading import read_anew
from glede.lists.proposing import proposals
from glede.lists.values import UNDECIDED, NewList, Proposal, State, Theirs
from glede.people.lists import columns
from glede.people.lists.columns import plain
from glede.people.lists.opening import Sheet, open_sheet
from glede.practices.operations import set_opening_hours
from glede.practices.queries import practice_by_id
from glede.staff.operations import NewPractitioner, add_practitioner

_NAME_LENGTH = 200
_DEFAULT_MINUTES = 30


def put_in_list(*, practice_id: UUID, new: NewList, by: Actor, now: datetime) -> UUID:
    """Keep a file, sealed, to be looked at; return the list's id. Nobody's data changes by it.

    What was answered for an earlier list with the same headings holds for this one. Raises ``UnreadableList`` where
    the file is no list, and ``UnclearColumns`` where ``new.told`` names a field or column that is not there.
    """
    sheet = open_sheet(new.content)
    list_id = new_id()
    with act(practice_id, by=by, now=now) as putting:
        source = _source(practice_id, new.what, sheet, now)
        told = {**_still_there(source.told, sheet), **_by_key(new.told, sheet)}
        look(sheet, new.what, told, place_of(practice_by_id(practice_id), now))
        BroughtList.objects.create(
            id=list_id,
            practice_id=practice_id,
            source=source,
            what=new.what,
            name=new.name.strip()[:_NAME_LENGTH],
            content=keeping.kept(new.content),
            told=told,
            rows=len(sheet.rows),
            put_in_at=now,
            put_in_by=by.id,
        )
        putting.record(events.PUT_IN, subject=Ref("list", list_id), data={"what": new.what, "rows": len(sheet.rows)})
    return list_id


def _source(practice_id: UUID, what: str, sheet: Sheet, now: datetime) -> ListSource:
    heads_key = sha256("\x1f".join(sorted(map(plain, sheet.header))).encode()).hexdigest()
    source, is_new = ListSource.objects.get_or_create(
        practice_id=practice_id, what=what, heads_key=heads_key, defaults={"made_at": now, "used_at": now}
    )
    if not is_new:
        ListSource.objects.filter(pk=source.pk).update(used_at=now)
    return source


def _still_there(told: Mapping[str, str], sheet: Sheet) -> dict[str, str]:
    keys = {sheet.key(place) for place in range(len(sheet.header))}
    return {heading: name for heading, name in told.items() if heading in keys}


def _by_key(told: Mapping[str, str], sheet: Sheet) -> dict[str, str]:
    """Return what was told of columns by their keys: a heading may have been typed by hand."""
    return {sheet.key(columns.place_of(heading, sheet.header)): name for heading, name in told.items()}


def map_columns(*, practice_id: UUID, list_id: UUID, told: Mapping[str, str], by: Actor, now: datetime) -> None:
    """Say what columns are: ``told`` maps headings (``Column.heading``) to fields, "ignore", or "" to take it back.

    It is remembered for the source once the list is brought. Raises ``UnclearColumns`` for a field or a column that is
    not there, ``NoSuchList``, ``WrongState``.
    """
    with act(practice_id, by=by, now=now) as mapping:
        row = locked(mapping, list_id, *UNDECIDED)
        before = looked_at(row, now)
        merged = {**row.told, **_by_key(told, before.sheet)}
        row.told = {heading: name for heading, name in merged.items() if name}
        what = what_of(row)
        look(before.sheet, what, row.told, place_of(practice_by_id(practice_id), now))
        BroughtList.objects.filter(pk=row.pk).update(told=row.told)
        read_anew(mapping, row)
        fields = sorted({name for name, _ in pairs(told) if name})
        mapping.record(events.ANSWERED, subject=Ref("list", list_id), data={"fields": fields})


def decide(*, practice_id: UUID, list_id: UUID, theirs: Theirs, by: Actor, now: datetime) -> None:
    """Say where the list's word goes before ours: rows and fields of ``Found.asks``. Every other ask keeps ours.

    The answer replaces an earlier one. Raises ``NoSuchList``, ``WrongState``.
    """
    with act(practice_id, by=by, now=now) as deciding:
        row = locked(deciding, list_id, *UNDECIDED)
        BroughtList.objects.filter(pk=row.pk).update(theirs=[list(answer) for answer in theirs])
        deciding.record(events.ANSWERED, subject=Ref("list", list_id), data={"theirs": len(theirs)})


def discard_list(*, practice_id: UUID, list_id: UUID, by: Actor, now: datetime) -> None:
    """Throw a list away that was not brought; its file goes at once. Raises ``NoSuchList``, ``WrongState``."""
    with act(practice_id, by=by, now=now) as discarding:
        row = locked(discarding, list_id, State.STAGED)
        BroughtList.objects.filter(pk=row.pk).update(
            state=State.DISCARDED, content=None, report=None, theirs=[], ended_at=now
        )
        discarding.record(events.DISCARDED, subject=Ref("list", list_id))


def take_proposals(*, practice_id: UUID, list_id: UUID, keys: Collection[str], by: Actor, now: datetime) -> int:
    """Make the services, clinicians and opening hours of ``Found.proposals`` by their keys; return how many.

    What is known here by now is not made again. Raises ``NoSuchList``, ``WrongState``.
    """
    with act(practice_id, by=by, now=now) as taking:
        row = locked(taking, list_id, *UNDECIDED)
        wanted = [
            p for p in proposals(practice_by_id(practice_id), looked_at(row, now), row.told, now) if p.key in keys
        ]
    for proposal in wanted:
        _make(practice_id, proposal, by=by, now=now)
    if wanted:
        with act(practice_id, by=by, now=now) as taking:
            read_anew(taking, locked(taking, list_id, *UNDECIDED))
            taking.record(events.ANSWERED, subject=Ref("list", list_id), data={"taken": len(wanted)})
    return len(wanted)


def _make(practice_id: UUID, proposal: Proposal, *, by: Actor, now: datetime) -> None:
    if proposal.kind == "service":
        form = ServiceForm(
            code=proposal.key.partition(":")[2][:40],
            name=dict.fromkeys(("en", "nb"), proposal.words),
            minutes=proposal.minutes or _DEFAULT_MINUTES,
            external_id=proposal.words[:120],
        )
        add_service(practice_id=practice_id, service=form, by=by, now=now)
    elif proposal.kind == "clinician":
        given = proposal.words.removeprefix("Dr ").partition(" ")[0]
        new = NewPractitioner(proposal.words, given, external_id=proposal.words[:120])
        add_practitioner(practice_id=practice_id, new=new, by=by, now=now)
    else:
        set_opening_hours(practice_id=practice_id, spans=proposal.spans, by=by, now=now)
