"""Rooms and devices that visits hold: have one, have it no more, have it again."""

from datetime import datetime
from uuid import UUID

from glede.diary.errors import NameTaken, NoSuchFacility
from glede.diary.models import Facility
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act


def add_facility(*, practice_id: UUID, kind: str, name: str, serves_as: str, by: Actor, now: datetime) -> Facility:
    """Have a room or a device, which serves as what services ask for by a word. Raises ``NameTaken``."""
    called, word = name.strip(), " ".join(serves_as.casefold().split())
    with act(practice_id, by=by, now=now) as adding:
        if not called or not word or kind not in Facility.Kind.values:
            raise NameTaken
        _check_free(practice_id, called)
        sort = Facility.objects.filter(practice_id=practice_id).count() + 1
        row = Facility.objects.create(practice_id=practice_id, kind=kind, name=called, serves_as=word, sort=sort)
        adding.lock(Ref("facility", row.pk))
        adding.record("diary.facility.added", subject=Ref("facility", row.pk))
    return row


def end_facility(*, practice_id: UUID, facility_id: UUID, by: Actor, now: datetime) -> None:
    """Have a room or a device no more; visits keep it. Raises ``NoSuchFacility``."""
    with act(practice_id, by=by, now=now) as ending:
        ending.lock(Ref("facility", facility_id))
        rows = Facility.objects.filter(practice_id=practice_id, pk=facility_id, ended_at=None)
        if not rows.update(ended_at=now):
            raise NoSuchFacility
        ending.record("diary.facility.ended", subject=Ref("facility", facility_id))


def bring_back_facility(*, practice_id: UUID, facility_id: UUID, by: Actor, now: datetime) -> None:
    """Have it again. Raises ``NoSuchFacility``, ``NameTaken``."""
    with act(practice_id, by=by, now=now) as bringing:
        bringing.lock(Ref("facility", facility_id))
        row = Facility.objects.filter(practice_id=practice_id, pk=facility_id, ended_at__isnull=False).first()
        if row is None:
            raise NoSuchFacility
        _check_free(practice_id, row.name)
        Facility.objects.filter(pk=facility_id).update(ended_at=None)
        bringing.record("diary.facility.brought_back", subject=Ref("facility", facility_id))


def _check_free(practice_id: UUID, name: str) -> None:
    if Facility.objects.filter(practice_id=practice_id, name__iexact=name, ended_at=None).exists():
        raise NameTaken
