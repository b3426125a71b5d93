"""Time set apart: when a clinician is away, and what is kept free for what is urgent."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from glede.practices.models import Inside, PracticeRow
from glede.staff.models import Practitioner

LEAVE_DAYS_MAX = 366
RELEASE_DAYS_MAX = 14


class Leave(PracticeRow):
    """Days on which a clinician is away, whole or between two hours of the wall on each. Ended, never deleted.

    ``kind`` is for managers alone: neither patients nor the record read it.
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday"
        SICK = "sick"
        COURSE = "course"
        OTHER = "other"

    practitioner = Inside(Practitioner, related_name="leaves")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    first_on = models.DateField()
    last_on = models.DateField()
    from_time = models.TimeField(null=True)
    to_time = models.TimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "practitioner"], condition=Q(ended_at=None), name="diary_leaves_now")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on"), last_on__lt=F("first_on") + timedelta(days=LEAVE_DAYS_MAX)),
                name="diary_leave_in_order",
            ),
            models.CheckConstraint(
                condition=Q(from_time=None, to_time=None)
                | Q(from_time__isnull=False, to_time__isnull=False, from_time__lt=F("to_time")),
                name="diary_leave_hours",
            ),
        ]


class UrgentTime(PracticeRow):
    """A span of a weekday (0 Monday) that is kept free for what is urgent, with one clinician or with each (None).

    It is free for everybody from ``release_at`` on the wall, ``release_days`` days before; without them never. Ended,
    never deleted.
    """

    practitioner = Inside(Practitioner, null=True, related_name="urgent_times")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    release_days = models.PositiveSmallIntegerField(null=True)
    release_at = models.TimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["practice"], condition=Q(ended_at=None), name="diary_urgent_now")]
        constraints = [
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="diary_urgent_in_order"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="diary_urgent_weekday"),
            models.CheckConstraint(
                condition=Q(release_days=None, release_at=None)
                | Q(release_days__isnull=False, release_days__lte=RELEASE_DAYS_MAX, release_at__isnull=False),
                name="diary_urgent_release",
            ),
        ]
