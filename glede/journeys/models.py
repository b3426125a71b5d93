"""The journeys of a practice, what is pinned to which version, and what came of calls; all but pins only added to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from glede.practices.models import PracticeRow

__all__ = ["CallOutcome", "Enrolment", "Journey", "Wording"]


class Journey(PracticeRow):
    """One version of a journey. A change is another version; none is ever altered."""

    key = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    document = models.JSONField()
    made_at = models.DateTimeField()
    made_by_role = models.CharField(max_length=10)
    made_by_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "key", "version"], name="journeys_versions_in_order"),
            models.CheckConstraint(condition=Q(version__gte=1), name="journeys_versions_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class Enrolment(PracticeRow):
    """Which version of a journey a subject walks, from the moment it was first planned for; none where stopped."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    key = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    enrolled_at = models.DateTimeField()
    is_stopped = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "subject_id", "subject_kind", "key"], name="journeys_pinned_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "key", "version"], name="journeys_pinned_to_version"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.key} {self.version}"


class CallOutcome(PracticeRow):
    """What came of a call that a row asked for: reached, not reached, or no room for it that day."""

    class Code(models.TextChoices):
        REACHED = "reached"
        NOT_REACHED = "not_reached"
        FULL = "full"

    row = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    subject_version = models.PositiveIntegerField()
    promise_id = models.UUIDField(null=True)
    code = models.CharField(max_length=12, choices=Code)
    at = models.DateTimeField()
    actor_role = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "row", "subject_id", "subject_version"],
                condition=Q(code="full"),
                name="journeys_full_once",
            ),
            models.CheckConstraint(
                condition=Q(code="full") | Q(promise_id__isnull=False), name="journeys_call_was_promised"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "subject_id"], name="journeys_calls_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.row} {self.code}"


class Wording(PracticeRow):
    """A practice's own words for one message, or its return to ours (``is_ours``). The highest number holds."""

    row = models.CharField(max_length=40)
    variant = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    channel = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    is_ours = models.BooleanField(default=False)
    short = models.TextField(blank=True)
    friendly = models.TextField(blank=True)
    subject = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "row", "variant", "language", "channel", "number"], name="journeys_words_in_order"
            ),
            models.CheckConstraint(
                condition=Q(is_ours=True, short="", friendly="") | (Q(is_ours=False) & ~Q(short="") & ~Q(friendly="")),
                name="journeys_words_ours_or_own",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row} {self.variant} {self.language} {self.channel}"
