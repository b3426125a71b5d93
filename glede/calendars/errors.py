"""What can be in the way of a calendar."""


class NoSuchCalendar(LookupError):
    """The practice has no calendar by that id, or it was stopped."""


class NoSuchClinician(LookupError):
    """Nobody sees patients here by that id."""


class BadAddress(ValueError):
    """The address is none that is fetched from. The argument is a code."""
