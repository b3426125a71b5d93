"""The practice's own row, locked for change."""

from uuid import UUID

from glede.kernel.ref import Ref
from glede.practices.models import Practice
from glede.practices.recording import Act


def locked(practice_id: UUID, changing: Act) -> Practice:
    """Return the practice, its subject and its row locked."""
    changing.lock(Ref("practice", practice_id))
    return Practice.objects.select_for_update().get(pk=practice_id)
