"""Sign a practice's record where it grew, and carry the note out of the database."""

from datetime import datetime

from glede.ledger import outside
from glede.ledger.operations import make_checkpoint
from glede.practices.models import Practice


def sign_record(practice: Practice, *, at: datetime) -> bool:
    """Sign what is not signed yet; return whether there was anything. A clock moved by hand keeps no file.

    Raises ``IntegrityError`` where another process was quicker, ``checkpoints.RecordDiffers`` and ``ValueError`` where
    the database is not what was signed before.
    """
    if not practice.is_virtual:
        outside.carry_out(practice.pk)
    has_grown = make_checkpoint(practice.pk, at=at)
    if has_grown and not practice.is_virtual:
        outside.carry_out(practice.pk)
    return has_grown
