"""The code of a patient's link, which is the receipt code of the booking; only its hash is stored."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import F

from glede.diary import events
from glede.diary.models import Appointment
from glede.diary.operations.bulk import insert
from glede.diary.operations.writing import lock_visit
from glede.kernel.actor import Actor
from glede.kernel.ids import link_code, link_hash
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.practices.models import LinkIndex


def hash_for(appointment_id: UUID, counter: int = 0) -> bytes:
    """Return what is stored of a visit's link."""
    return link_hash(link_code(settings.GLEDE_LINK_KEY, appointment_id, counter))


def index_links(practice_id: UUID, hashes: Iterable[bytes | memoryview]) -> None:
    """Let the links be found from outside, by their hash."""
    insert([LinkIndex(hash=key, practice_id=practice_id, kind="visit") for key in hashes])


def revoke_link(*, practice_id: UUID, appointment_id: UUID, by: Actor, now: datetime) -> Appointment:
    """End a visit's link and give it a new one; the old code opens nothing from this moment on."""
    with act(practice_id, by=by, now=now) as revoking:
        appointment = lock_visit(revoking, appointment_id)
        counter = appointment.link_counter + 1
        fresh = hash_for(appointment_id, counter)
        Appointment.objects.filter(practice_id=practice_id, pk=appointment_id).update(
            link_counter=F("link_counter") + 1, link_hash=fresh
        )
        index_links(practice_id, [fresh])
        revoking.record(
            events.LINK_REVOKED,
            subject=Ref("appointment", appointment_id),
            patient=appointment.patient_id,
            data={"counter": counter},
        )
    appointment.link_counter, appointment.link_hash = counter, fresh
    return appointment
