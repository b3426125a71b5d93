"""Visits that come again: the rule they follow, and the times that were chosen for them."""

from django.db import models
from django.db.models import Q

from glede.catalogue.models import Service
from glede.diary.series import COUNT_MAX, COUNT_MIN, EVERY_MAX, Unit
from glede.people.models import Patient
from glede.practices.models import Inside, PracticeRow
from glede.staff.models import Practitioner


class Series(PracticeRow):
    """Several visits of one person, every so many days, weeks or months. Ended, never deleted.

    ``chosen`` are the times to book, as ``series.Chosen`` writes them: whoever was interrupted goes on from it. Until
    ``booked_at`` nobody is told; then ``told_by`` is the number of the visit whose message names them all.
    """

    patient = Inside(Patient, related_name="series")
    service = Inside(Service, null=True, related_name="+")
    practitioner = Inside(Practitioner, null=True, related_name="+")
    every = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=10, choices=[(unit.value, unit.value) for unit in Unit])
    count = models.PositiveSmallIntegerField()
    first_on = models.DateField()
    wall_time = models.TimeField()
    chosen = models.JSONField(default=list)
    begun_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True)
    told_by = models.PositiveSmallIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "patient"], name="diary_series_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(every__gte=1, every__lte=EVERY_MAX, count__gte=COUNT_MIN, count__lte=COUNT_MAX),
                name="diary_series_rule",
            ),
        ]
