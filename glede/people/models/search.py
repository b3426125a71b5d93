"""The table a person is found by."""

from django.db import models

from glede.people.models.patient import Patient
from glede.practices.models import Inside, PracticeRow


class SearchToken(PracticeRow):
    """One word, number or date a person is found by: compared bytewise, by equality and range only."""

    # Row-level security turns off every index whose operator is not leakproof (like, ilike, %):
    # a range over bytes is both leakproof and indexed.
    patient = Inside(Patient, db_index=False, related_name="+")
    token = models.CharField(max_length=120, db_collation="C")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "token", "patient"], name="people_search")]
        indexes = [models.Index(fields=["practice", "patient"], name="people_search_of")]
