"""A time that is kept for somebody who has not said yet who they are."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from glede.catalogue.models import Service
from glede.diary.models.appointment import Appointment
from glede.practices.models import Inside, PracticeRow
from glede.staff.models import Practitioner


class HeldTime(PracticeRow):
    """A free time kept until a moment for whoever holds its secret. Ended, never deleted; it names nobody.

    Its claims stand under the same constraint as every visit's. ``end`` says what came of it: ``booked`` (by
    ``appointment``), ``released`` by whoever held it, or ``lapsed``, when another took the time after ``until``.
    """

    class End(models.TextChoices):
        BOOKED = "booked"
        RELEASED = "released"
        LAPSED = "lapsed"

    service = Inside(Service, null=True, related_name="+")
    practitioner = Inside(Practitioner, null=True, related_name="+")
    day = models.DateField()
    wall_time = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    buffer_minutes = models.PositiveSmallIntegerField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    held_at = models.DateTimeField()
    until = models.DateTimeField()
    secret_hash = models.BinaryField(max_length=32)
    appointment = Inside(Appointment, null=True, related_name="holds")
    end = models.CharField(max_length=10, choices=End, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "day"], condition=Q(ended_at=None), name="diary_holds_now")]
        constraints = [
            models.UniqueConstraint(fields=["practice", "secret_hash"], name="diary_one_hold_a_secret"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), until__gt=F("held_at")), name="diary_hold_in_order"
            ),
            models.CheckConstraint(
                condition=Q(end="", ended_at=None) | ~Q(end="") & Q(ended_at__isnull=False), name="diary_hold_ended"
            ),
            models.CheckConstraint(
                condition=Q(end="booked", appointment__isnull=False) | ~Q(end="booked") & Q(appointment=None),
                name="diary_hold_booked_by",
            ),
        ]

    @property
    def claimed_to(self) -> datetime:
        """The end of the time held: the visit it is for and the time kept free after it (UTC)."""
        return self.ends_at + timedelta(minutes=self.buffer_minutes)
