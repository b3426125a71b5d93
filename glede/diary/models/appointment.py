"""A visit, and each thing that happened to the plan of it."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from glede.catalogue.models import Service
from glede.diary.models.series import Series
from glede.diary.names import STATES
from glede.diary.rules import BUFFER_MAX, HOLDING, LATE_MAX, MINUTES_MAX, Change, Standing, State
from glede.people.models import Patient
from glede.practices.models import Inside, PracticeRow
from glede.staff.models import Practitioner

STATE_WORDS = list(STATES.items())


class Appointment(PracticeRow):
    """A visit. The wall time in its zone is the truth; the UTC columns follow from it.

    ``state`` and the moments beside it are what the state changes amount to, and checked against
    each other. The id never changes, however often the visit is moved.
    """

    patient = Inside(Patient, related_name="appointments")
    service = Inside(Service, null=True, related_name="appointments")
    practitioner = Inside(Practitioner, null=True, related_name="appointments")

    # The visit this one follows with somebody else: the patient hears of both as one.
    part_of = Inside("self", null=True, related_name="parts")
    series = Inside(Series, null=True, related_name="visits")
    series_number = models.PositiveSmallIntegerField(null=True)

    day = models.DateField()
    wall_time = models.TimeField(null=True)
    minutes = models.PositiveSmallIntegerField()
    buffer_minutes = models.PositiveSmallIntegerField(default=0)
    # Why its minutes are more than the service's own (``catalogue.rules.MoreTime``), in order.
    more_time = models.JSONField(default=list)
    zone = models.CharField(max_length=60)
    # Which edition of the zones' law the UTC columns were derived with: a change of law derives them anew.
    tzdata_version = models.CharField(max_length=10)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_day_visit = models.BooleanField(default=False)
    is_history = models.BooleanField(default=False)

    state = models.CharField(max_length=20, choices=STATE_WORDS)
    changes_count = models.PositiveIntegerField(default=0)
    booked_at = models.DateTimeField()
    booked_by = models.CharField(max_length=10)
    confirmed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=10, blank=True)
    cancel_reason = models.CharField(max_length=30, blank=True)
    moved_at = models.DateTimeField(null=True)
    moved_by = models.CharField(max_length=10, blank=True)
    late_minutes = models.PositiveSmallIntegerField(null=True)
    late_told_at = models.DateTimeField(null=True)
    # How much later than its time it begins because we run late, and since when we say so.
    delay_minutes = models.PositiveSmallIntegerField(null=True)
    delay_told_at = models.DateTimeField(null=True)

    source = models.CharField(max_length=30)
    external_id = models.CharField(max_length=120, blank=True)
    # What the brought list last said of this visit: only what it says anew is taken over.
    list_said = models.JSONField(null=True)
    link_counter = models.PositiveIntegerField(default=0)
    link_hash = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "day", "starts_at"], name="diary_by_day"),
            models.Index(fields=["practice", "patient", "starts_at"], name="diary_by_patient"),
            models.Index(
                fields=["practice", "ends_at"],
                condition=Q(state__in=["booked", "confirmed", "arrived", "with"], is_history=False),
                name="diary_unsettled",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["practice", "link_hash"], name="diary_one_visit_a_link"),
            models.UniqueConstraint(
                fields=["practice", "external_id"], condition=~Q(external_id=""), name="diary_external_id_once"
            ),
            models.UniqueConstraint(fields=["practice", "series", "series_number"], name="diary_one_visit_a_number"),
            models.CheckConstraint(
                condition=Q(series=None, series_number=None) | Q(series__isnull=False, series_number__gte=1),
                name="diary_series_numbered",
            ),
            models.UniqueConstraint(
                fields=["practice", "part_of"], condition=Q(part_of__isnull=False), name="diary_one_part_a_visit"
            ),
            models.CheckConstraint(condition=~Q(part_of=F("id")), name="diary_no_part_of_itself"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="diary_visit_ends_after_start"),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MINUTES_MAX, buffer_minutes__lte=BUFFER_MAX),
                name="diary_visit_length",
            ),
            models.CheckConstraint(
                condition=Q(is_day_visit=True, wall_time=None) | Q(is_day_visit=False, wall_time__isnull=False),
                name="diary_day_visit_has_no_time",
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="diary_state_known"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False), name="diary_confirmed_since"
            ),
            models.CheckConstraint(
                condition=~Q(state="arrived") | Q(arrived_at__isnull=False), name="diary_arrived_since"
            ),
            models.CheckConstraint(condition=~Q(state="with") | Q(started_at__isnull=False), name="diary_with_since"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done") & Q(done_at=None),
                name="diary_done_since",
            ),
            models.CheckConstraint(
                condition=Q(state="missed", missed_at__isnull=False) | ~Q(state="missed") & Q(missed_at=None),
                name="diary_missed_since",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="cancelled", cancelled_at__isnull=False) & ~Q(cancelled_by="") & ~Q(cancel_reason="")
                )
                | (~Q(state="cancelled") & Q(cancelled_at=None, cancelled_by="", cancel_reason="")),
                name="diary_cancelled_by_whom_and_why",
            ),
            models.CheckConstraint(
                condition=Q(late_minutes=None, late_told_at=None)
                | Q(late_minutes__gte=1, late_minutes__lte=LATE_MAX, late_told_at__isnull=False),
                name="diary_late_told",
            ),
            models.CheckConstraint(
                condition=Q(delay_minutes=None, delay_told_at=None)
                | Q(delay_minutes__gte=1, delay_minutes__lte=LATE_MAX, delay_told_at__isnull=False),
                name="diary_delay_told",
            ),
        ]

    def standing(self) -> Standing:
        """As much of the visit as the rules need."""
        return Standing(
            State(self.state), self.day, self.zone, self.starts_at, self.ends_at, self.is_day_visit, self.is_history
        )

    @property
    def holds_time(self) -> bool:
        """Whether the visit holds its time on a chair."""
        return self.state in HOLDING and not self.is_day_visit and not self.is_history

    @property
    def claimed_to(self) -> datetime:
        """The end of the time held: the visit and the time kept free after it (UTC)."""
        return self.ends_at + timedelta(minutes=self.buffer_minutes)


class StateChange(PracticeRow):
    """One thing that happened to a visit: who, when, why, from when to when. Rows are only ever added."""

    appointment = Inside(Appointment, related_name="changes")
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=20, choices=[(c.value, c.value) for c in Change])
    state = models.CharField(max_length=20, choices=STATE_WORDS)
    at = models.DateTimeField()
    actor_role = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=30, blank=True)
    from_start = models.DateTimeField(null=True)
    to_start = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "appointment", "number"], name="diary_changes_in_order"),
            models.CheckConstraint(condition=Q(number__gte=1), name="diary_changes_from_one"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="diary_change_state_known"),
            models.CheckConstraint(
                condition=~Q(change="moved") | Q(from_start__isnull=False, to_start__isnull=False),
                name="diary_move_says_from_and_to",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "reason", "at"], name="diary_changes_by_reason", condition=~Q(reason="")),
        ]


class Remark(PracticeRow):
    """What somebody said with a change, in their own words. Blanked when the person is erased."""

    appointment = Inside(Appointment, related_name="remarks")
    change = Inside(StateChange, related_name="remarks")
    words = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["practice", "appointment"], name="diary_remarks_of_visit")]
