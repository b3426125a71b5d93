"""Rows of feedback. A response is only ever added to; a later one stands beside it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from glede.feedback.scores import SCORES
from glede.practices.models import Inside, PracticeRow


class Response(PracticeRow):
    """One person's answer about one visit: a score in words, words, or both."""

    appointment = Inside("diary.Appointment", related_name="responses")
    patient = Inside("people.Patient", related_name="responses")
    score = models.PositiveSmallIntegerField(choices=SCORES, null=True)
    words = models.TextField(blank=True)
    given_at = models.DateTimeField()
    is_unhappy = models.BooleanField()
    tier = models.PositiveSmallIntegerField()
    categories = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__range=(1, 5)), name="feedback_score_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "given_at"], name="feedback_by_time"),
            models.Index(fields=["practice", "patient"], name="feedback_by_patient"),
            models.Index(fields=["practice", "appointment"], name="feedback_by_visit"),
        ]

    def __str__(self) -> str:
        return f"response about {self.appointment_id}"
