"""What a person asked of their rights, and what a colleague answered."""

from django.db import models
from django.db.models import Q

from glede.people.models.patient import Patient
from glede.practices.models import Inside, PracticeRow


class RightsRequest(PracticeRow):
    """One thing asked for: put something right, see who looked, have a copy, be forgotten.

    ``was`` and ``proposed`` hold, for a correction, what stood there when it was asked and what should; by the
    names of the fields. Blanked when the person is erased.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction"
        LOOKS = "looks"
        EXPORT = "export"
        ERASURE = "erasure"

    class Answer(models.TextChoices):
        ACCEPTED = "accepted"
        DECLINED = "declined"

    patient = Inside(Patient, db_index=False, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    field = models.CharField(max_length=12, blank=True)
    was = models.JSONField(default=dict)
    proposed = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answer_words = models.TextField(blank=True)
    answered_by_role = models.CharField(max_length=10, blank=True)
    answered_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient", "kind", "field"],
                condition=Q(answered_at=None),
                name="people_one_open_request",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__gte=models.F("asked_at")) & ~Q(answer=""),
                name="people_request_answered",
            ),
        ]
        indexes = [models.Index(fields=["practice", "patient", "asked_at"], name="people_requests")]
