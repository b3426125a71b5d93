"""For how long nothing that can wait is written to a person, and why."""

from django.db import models
from django.db.models import F, Q

from glede.people.models.patient import Patient
from glede.practices.models import Inside, PracticeRow


class Hold(PracticeRow):
    """Messages that can wait are held until a moment. It ends by itself then, or earlier with ``ended_at``."""

    class Reason(models.TextChoices):
        DROPS = "drops"

    patient = Inside(Patient, db_index=False, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason)
    began_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("began_at")), name="people_hold_ends_after")]
        indexes = [models.Index(fields=["practice", "patient", "until"], name="people_holds")]

    def __str__(self) -> str:
        return f"{self.reason} until {self.until}"
