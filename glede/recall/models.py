"""When a person is due again, and how a visit was closed."""

from django.db import models
from django.db.models import Q

from glede.practices.models import Inside, PracticeRow


class NextVisit(PracticeRow):
    """When somebody is due again, as a clinician said it. Changed by another row that replaces it, never deleted.

    ``months`` None: no next visit is planned. ``suggested`` and ``suggested_by`` are what the table of intervals said
    then, kept so that anybody can see whether it was followed.
    """

    patient = Inside("people.Patient", db_index=False, related_name="+")
    appointment_id = models.UUIDField(null=True)
    service = Inside("catalogue.Service", null=True, db_index=False, related_name="+")
    months = models.PositiveSmallIntegerField(null=True)
    due_month = models.DateField(null=True)
    why = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=200, blank=True)
    suggested = models.PositiveSmallIntegerField(null=True)
    suggested_by = models.CharField(max_length=40, blank=True)
    set_at = models.DateTimeField()
    set_by_role = models.CharField(max_length=10)
    set_by_id = models.UUIDField(null=True)
    replaces = Inside("recall.NextVisit", null=True, db_index=False, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient"], condition=Q(ended_at=None), name="recall_one_next_visit"
            ),
            models.CheckConstraint(
                condition=Q(months=None, due_month=None) | Q(months__range=(1, 120), due_month__isnull=False),
                name="recall_months_and_month",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "due_month"], condition=Q(ended_at=None), name="recall_due"),
            models.Index(fields=["practice", "patient", "set_at"], name="recall_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.months} months" if self.months else "none"


class Closing(PracticeRow):
    """What a colleague left at the end of a visit. Taken back, never deleted; words stand in notes of the person."""

    appointment_id = models.UUIDField()
    patient = Inside("people.Patient", db_index=False, related_name="+")
    next_visit = Inside(NextVisit, null=True, db_index=False, related_name="+")
    hold_id = models.UUIDField(null=True)
    held_until = models.DateTimeField(null=True)
    follow_up_id = models.UUIDField(null=True)
    handed_id = models.UUIDField(null=True)
    closed_at = models.DateTimeField()
    closed_by_role = models.CharField(max_length=10)
    closed_by_id = models.UUIDField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "appointment_id"], condition=Q(taken_back_at=None), name="recall_closed_once"
            )
        ]
        indexes = [models.Index(fields=["practice", "patient"], name="recall_closings_of")]

    def __str__(self) -> str:
        return f"closed {self.closed_at}"
