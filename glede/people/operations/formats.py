"""How somebody reads, hears and speaks: what they need, written down when asked and gone over again."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.clock import day_of
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.people import events
from glede.people.models import Need, Patient
from glede.people.operations.patients import locked
from glede.people.operations.words import Line, NoSuchNeed, give_up, write_need
from glede.people.queries.names import records_of
from glede.people.rules.formats import CODES
from glede.practices.queries import practice_by_id

FORMAT = Need.Kind.FORMAT


def note_format(*, practice_id: UUID, patient_id: UUID, code: str, words: str = "", by: Actor, now: datetime) -> Need:
    """Write down one communication need, as asked today; the same need said again replaces its words.

    ``code`` is one of ``rules.formats.CODES``. Raises ``NoSuchPatient``, and ``ValueError`` for an unknown code.
    """
    if code not in CODES:
        raise ValueError(f"no communication need: {code}")
    with act(practice_id, by=by, now=now) as noting:
        patient = locked(noting, patient_id)
        standing = next((row for row in standing_formats(noting, patient) if row.code == code), None)
        if standing is not None and standing.words == words.strip():
            return standing
        return write_need(noting, patient, _line(noting, code, words, standing))


def _line(this: Act, code: str, words: str, standing: Need | None) -> Line:
    today = day_of(this.now, practice_by_id(this.practice_id).zone)
    return Line(FORMAT, words.strip(), code, replaces=standing.pk if standing else None, asked_on=today)


def set_formats(this: Act, patient: Patient, codes: Collection[str], words: str) -> None:
    """Let a locked person's needs be these codes, of those they can choose themselves; ``words`` belong to the first.

    What they did not choose and said themselves before is ended; what a colleague wrote down stays.
    """
    standing = {row.code: row for row in standing_formats(this, patient)}
    for place, code in enumerate(sorted(set(codes) & CODES)):
        said, row = words.strip() if place == 0 else "", standing.get(code)
        if row is None or (said and row.words != said):
            write_need(this, patient, _line(this, code, said, row))
    for code, row in standing.items():
        if code not in codes and row.noted_by_role == "patient":
            give_up(this, patient, row)


def standing_formats(this: Act, patient: Patient) -> list[Need]:
    """Return the communication needs in force of a locked person, of the rows merged into theirs too."""
    records = records_of(this.practice_id, [patient.pk])
    rows = Need.objects.filter(practice_id=this.practice_id, patient_id__in=records, kind=FORMAT, ended_at=None)
    return list(rows.exclude(code="").order_by("noted_at", "id"))


def review_formats(*, practice_id: UUID, patient_id: UUID, by: Actor, now: datetime) -> int:
    """Say that the person was asked again and all stands as it is; return how many needs. Raises ``NoSuchPatient``.

    Raises ``NoSuchNeed`` where there is none to go over.
    """
    with act(practice_id, by=by, now=now) as reviewing:
        patient = locked(reviewing, patient_id)
        ids = [row.pk for row in standing_formats(reviewing, patient)]
        if not ids:
            raise NoSuchNeed
        Need.objects.filter(pk__in=ids).update(reviewed_on=day_of(now, practice_by_id(practice_id).zone))
        reviewing.record(
            events.NEEDS_REVIEWED, subject=Ref("patient", patient.pk), patient=patient.pk, data={"needs": ids}
        )
    return len(ids)
