"""What can be in the way of a calendar."""

from glede.kernel.addresses import BadAddress

__all__ = ["BadAddress", "NoSuchCalendar", "NoSuchClinician"]


class NoSuchCalendar(LookupError):
    """The practice has no calendar by that id, or it was stopped."""


class NoSuchClinician(LookupError):
    """Nobody sees patients here by that id."""
