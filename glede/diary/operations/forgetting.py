"""What the diary forgets of a person: words said, and the numbers a list knew the visits by."""

from datetime import datetime
from uuid import UUID

from glede.diary.models import Appointment, Remark
from glede.kernel.actor import Actor


def forget_patient(practice_id: UUID, patient_id: UUID, *, by: Actor, now: datetime) -> None:
    """Blank what was said with a person's visits. Runs in the transaction of the erasure.

    The visits stay, as times on which somebody came: with the name gone they tell nothing else.
    """
    Remark.objects.filter(practice_id=practice_id, appointment__patient_id=patient_id).update(words="")
    Appointment.objects.filter(practice_id=practice_id, patient_id=patient_id).update(external_id="", list_said=None)
