"""What colleagues say to one another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from glede.practices.models import Inside, PracticeRow


class Thanks(PracticeRow):
    """One colleague thanks another in a sentence; about a person, where it is about one. Withdrawn, never deleted."""

    from_id = models.UUIDField()
    to_id = models.UUIDField()
    words = models.CharField(max_length=280, blank=True)
    patient = Inside("people.Patient", null=True, related_name="thanks")
    given_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(from_id=F("to_id")), name="team_nobody_thanks_themselves"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "given_at"], name="team_thanks_by_time"),
            models.Index(fields=["practice", "patient"], name="team_thanks_by_patient"),
        ]

    def __str__(self) -> str:
        return f"thanks to {self.to_id}"
