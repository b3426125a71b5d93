"""A promise and its outcome, and who is away from theirs."""

from django.db import models
from django.db.models import F, Q

from glede.practices.models import Inside, PracticeRow


class Promise(PracticeRow):
    """Something the practice owes somebody by a clock time."""

    class Kind(models.TextChoices):
        ANSWER = "answer"
        CALL = "call"
        FOLLOW_UP = "follow_up"
        HAND_OVER = "hand_over"
        RECOVER = "recover"
        RIGHT = "right"
        SETTLE = "settle"
        THANK = "thank"
        UNDELIVERED = "undelivered"
        MOVE_OK = "move_ok"
        OPT_OUT_CHECK = "opt_out_check"

    kind = models.CharField(max_length=20, choices=Kind)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    cause = models.CharField(max_length=120)
    owner_id = models.UUIDField(null=True)
    owned_at = models.DateTimeField(null=True)  # since when the owner has it, where that is not when it was made
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    urgency = models.PositiveSmallIntegerField(default=5)
    detail = models.JSONField(default=dict)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "kind", "subject_kind", "subject_id", "cause"],
                condition=Q(closed_at=None),
                name="one_open_promise_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("made_at")), name="promise_closed_after_it_was_made"
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "due_at", "id"], condition=Q(closed_at=None), name="open_promises_by_due"),
            models.Index(fields=["practice", "subject_kind", "subject_id"], name="promises_of_subject"),
            models.Index(fields=["practice", "kind", "made_at"], name="promises_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.due_at}"


class PromiseOutcome(PracticeRow):
    """How a promise ended, or to whom it was handed. Append-only; the note is blanked when its person is erased."""

    class Outcome(models.TextChoices):
        KEPT = "kept"
        BROKEN = "broken"
        WITHDRAWN = "withdrawn"
        HANDED = "handed"
        POSTPONED = "postponed"

    promise = Inside(Promise, related_name="outcomes")
    outcome = models.CharField(max_length=10, choices=Outcome)
    at = models.DateTimeField()
    actor_role = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    evidence_kind = models.CharField(max_length=20, blank=True)
    evidence_id = models.UUIDField(null=True)
    to_owner_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "promise"], name="outcomes_of_promise")]

    def __str__(self) -> str:
        return self.outcome


class Absence(PracticeRow):
    """A colleague is away from the desk: from lunch to a holiday. Ended, never deleted."""

    membership_id = models.UUIDField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "membership_id"], condition=Q(ended_at=None), name="away_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="absence_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"away since {self.began_at}"
