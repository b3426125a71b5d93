"""Why recall refuses."""


class Refused(Exception):
    """What was asked for may not be done; ``code`` says why."""

    code = "refused"


class NotAllowed(Refused):
    """Only a clinician or a manager says when somebody is due again."""

    code = "not_allowed"


class NoSuchMonths(Refused):
    """A next visit lies 1 to 120 months ahead, or there is none."""

    code = "months"


class WhyMissing(Refused):
    """Another interval than the usual one needs a reason."""

    code = "why"


class NotDone(Refused):
    """Only a visit that has taken place can be closed."""

    code = "not_done"


class AlreadyClosed(Refused):
    """Somebody closed this visit before."""

    code = "closed"


class NoSuchClosing(LookupError):
    """No such closing stands."""


class NoSuchPlan(LookupError):
    """No such next visit stands."""
