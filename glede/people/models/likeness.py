"""Who looked like one person when everybody was last compared."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from glede.people.models.patient import Patient
from glede.practices.models import Inside, PracticeRow


class Likeness(PracticeRow):
    """Two rows that may be one person, for a colleague to look at. Derived: each comparison writes them anew.

    The smaller id stands first. ``not_before`` is when it is asked about again, where a colleague put it off.
    """

    patient = Inside(Patient, db_index=False, related_name="+")
    other = Inside(Patient, db_index=False, related_name="+")
    score = models.FloatField()
    verdict = models.CharField(max_length=8)
    reasons = ArrayField(models.CharField(max_length=40))
    found_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "patient", "other"], name="people_likeness_once"),
            models.CheckConstraint(condition=models.Q(patient__lt=models.F("other")), name="people_likeness_in_order"),
        ]
        indexes = [
            models.Index(fields=["practice", "-score", "id"], name="people_likeness_by_score"),
            models.Index(fields=["practice", "other"], name="people_likeness_other"),
        ]
