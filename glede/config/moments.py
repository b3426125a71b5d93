"""Moments as they are typed behind a command."""

from datetime import datetime

from glede.config.terminal import Refused
from glede.kernel.clock import at_wall


def moment(text: str, zone: str) -> datetime:
    """Return the moment ``text`` means; without a zone it is on the wall in ``zone``. Raises ``Refused``."""
    try:
        typed = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{text!r} is no moment. Write one like 2026-12-01T09:00.") from error
    return typed if typed.tzinfo else at_wall(typed.date(), typed.time(), zone)
