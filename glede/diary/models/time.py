"""Time that is held on a chair, and the hours a practitioner works."""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from glede.diary.models.appointment import Appointment
from glede.diary.models.held import HeldTime
from glede.practices.models import Inside, PracticeRow
from glede.staff.models import Practitioner

# A claim is never longer than a day (25 hours when clocks go back), so that a search by start finds all.
CLAIM_HOURS_MAX = 25


class TimeRange(Func):
    """PostgreSQL's half-open range [start, end)."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Claim(PracticeRow):
    """A half-open stretch of time held on a clinician, room, device or lane, the buffer included.

    Two active claims on one thing cannot overlap: PostgreSQL refuses it, for every path alike.
    ``chair`` says whose time a lane is an extra row of; for all others it is ``ref`` itself. ``held_until`` is the
    moment to which a ``hold`` keeps it: past it, whoever takes the time ends the hold.
    """

    class Kind(models.TextChoices):
        STAFF = "staff"
        ROOM = "room"
        DEVICE = "device"
        LANE = "lane"

    appointment = Inside(Appointment, null=True, related_name="claims")
    hold = Inside(HeldTime, null=True, related_name="claims")
    held_until = models.DateTimeField(null=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ref = models.UUIDField()
    chair = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "starts_at"], condition=Q(is_active=True), name="diary_claims_by_start"),
            models.Index(fields=["practice", "appointment"], name="diary_claims_of_visit"),
            models.Index(fields=["practice", "hold"], condition=Q(hold__isnull=False), name="diary_claims_of_hold"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="diary_claim_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + timedelta(hours=CLAIM_HOURS_MAX)),
                name="diary_claim_within_a_day",
            ),
            models.CheckConstraint(
                condition=Q(hold=None, held_until=None)
                | Q(hold__isnull=False, held_until__isnull=False, appointment=None),
                name="diary_claim_of_a_hold",
            ),
            ExclusionConstraint(
                name="diary_no_double_booking",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("ref", RangeOperators.EQUAL),
                    (TimeRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(is_active=True),
            ),
        ]


class Facility(PracticeRow):
    """A room or a device that visits hold beside the clinician. Ended, never deleted.

    ``serves_as`` is the word by which services ask for it: any one with that word will do.
    """

    class Kind(models.TextChoices):
        ROOM = "room", _("Room")
        DEVICE = "device", _("Device")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=80)
    serves_as = models.CharField(max_length=40)
    sort = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "serves_as"], name="diary_facilities")]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "name"], condition=Q(ended_at=None), name="diary_facility_once"
            ),
            models.CheckConstraint(condition=~Q(serves_as=""), name="diary_facility_serves"),
        ]


class Shift(PracticeRow):
    """One span of a weekday (0 Monday) a practitioner works. Without any they keep the practice's hours.

    Ended, never deleted.
    """

    practitioner = Inside(Practitioner, related_name="shifts")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "practitioner"], condition=Q(ended_at=None), name="diary_shifts_now")
        ]
        constraints = [
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="diary_shift_in_order"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="diary_shift_weekday"),
            models.UniqueConstraint(
                fields=["practice", "practitioner", "weekday", "opens"],
                condition=Q(ended_at=None),
                name="diary_shift_once",
            ),
        ]
