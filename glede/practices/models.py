"""Organisations, practices and proofs of backups (outside the wall); hours, changes of mode, restorations (inside)."""

from django.db import models
from django.db.models import F, Q

from glede.kernel.ids import new_id
from glede.practices.fields import Inside, PracticeRow

__all__ = [
    "BackupProof",
    "BookingAddress",
    "ChannelAccount",
    "HoursException",
    "Inside",
    "LinkIndex",
    "ModeChange",
    "OpeningHours",
    "Organisation",
    "Practice",
    "PracticeRow",
    "Restoration",
    "SettingChange",
    "Tick",
]


class Organisation(models.Model):
    """A group of practices, or one practice alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "outside_organisation"

    def __str__(self) -> str:
        return self.name


class Practice(models.Model):
    """A practice: its place, its clock, its mode and what it promises."""

    class Mode(models.TextChoices):
        REHEARSAL = "rehearsal"
        LIVE = "live"

    class Clock(models.TextChoices):
        REAL = "real"
        VIRTUAL = "virtual"
        SEALED = "sealed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="practices")
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=10, blank=True)
    language = models.CharField(max_length=10)
    zone = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    public_url = models.URLField(blank=True)
    proved_url = models.URLField(blank=True)  # the public address that was fetched back and led here
    review_link = models.URLField(blank=True)
    red_flag_line = models.JSONField(default=dict)
    cancellation_note = models.JSONField(default=dict)
    answer_minutes = models.PositiveIntegerField(default=120)
    call_days_before = models.PositiveIntegerField(default=3)
    calls_per_day = models.PositiveIntegerField(default=8)
    hours_from = models.TimeField(default="09:00")
    hours_to = models.TimeField(default="20:00")
    narrowed = models.JSONField(default=dict)  # what the practice sends less than the law lets it (docs/policy.md)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.REHEARSAL)
    live_since = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    restored_at = models.DateTimeField(null=True)
    books_online = models.BooleanField(default=False)
    booking_name = models.SlugField(max_length=60, blank=True)  # the end of /book/…/ today; BookingAddress has them all
    # What strangers are offered, in order: [{"service": id, "reason": {"en": …, "nb": …}}].
    online_services = models.JSONField(default=list)
    online_notice_minutes = models.PositiveIntegerField(default=60)
    online_days_ahead = models.PositiveSmallIntegerField(default=60)
    paused_rows = models.JSONField(default=list)  # rows of the journey that are not switched on; only heeded live
    clock = models.CharField(max_length=10, choices=Clock, default=Clock.REAL)
    virtual_now = models.DateTimeField(null=True)
    ticked_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "outside_practice"
        constraints = [
            models.CheckConstraint(
                condition=Q(mode="rehearsal", live_since=None) | Q(mode="live", live_since__isnull=False),
                name="live_has_a_beginning",
            ),
            models.CheckConstraint(
                condition=Q(clock="real", virtual_now=None) | (~Q(clock="real") & Q(virtual_now__isnull=False)),
                name="virtual_clock_shows_a_time",
            ),
            models.CheckConstraint(condition=Q(clock="real") | Q(mode="rehearsal"), name="virtual_never_live"),
            models.CheckConstraint(condition=Q(hours_from__lt=F("hours_to")), name="message_hours_in_order"),
            models.CheckConstraint(
                condition=Q(restored_at=None) | Q(stopped_at__isnull=False), name="restored_stays_stopped"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """True where messages leave the house."""
        return self.mode == self.Mode.LIVE

    def has_paused(self, row: str) -> bool:
        """True for a row of the journey from which nothing leaves yet. A rehearsal plays every row."""
        return self.is_live and row in self.paused_rows

    @property
    def is_virtual(self) -> bool:
        """True where the clock is moved by one operation alone."""
        return self.clock != self.Clock.REAL


class LinkIndex(models.Model):
    """From the hash of a patient's link to the practice it belongs to."""

    hash = models.BinaryField(primary_key=True, max_length=32)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, default="visit")

    class Meta:
        db_table = "outside_link_index"

    def __str__(self) -> str:
        return self.kind


class BookingAddress(models.Model):
    """From the end of the address where strangers book to the practice; an old one keeps leading there."""

    name = models.SlugField(primary_key=True, max_length=60)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "outside_booking_address"

    def __str__(self) -> str:
        return self.name


class ChannelAccount(models.Model):
    """From a provider's endpoint (a number, a mailbox) to the practice it belongs to."""

    channel = models.CharField(max_length=20)
    endpoint = models.CharField(max_length=200)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "outside_channel_account"
        constraints = [models.UniqueConstraint(fields=["channel", "endpoint"], name="one_practice_an_endpoint")]

    def __str__(self) -> str:
        return f"{self.channel} {self.endpoint}"


class BackupProof(models.Model):
    """One backup of the whole database, and whether restoring it was proved. Append-only; about no practice alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    file_name = models.CharField(max_length=200, blank=True)
    folder = models.CharField(max_length=500)
    size = models.BigIntegerField(default=0)
    proved_at = models.DateTimeField(null=True)
    is_beside_data = models.BooleanField(default=False)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "outside_backup_proof"
        indexes = [models.Index(fields=["at"], name="backup_proofs_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(problem="", proved_at__isnull=False) | (~Q(problem="") & Q(proved_at=None)),
                name="backup_proved_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class OpeningHours(PracticeRow):
    """One open span of a weekday (0 Monday). Ended, never deleted."""

    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="opens_before_it_closes"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_of_the_week"),
        ]
        indexes = [models.Index(fields=["practice", "weekday"], name="hours_by_weekday")]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class HoursException(PracticeRow):
    """Dates on which other hours hold than the week's: ``spans`` of [opens, closes], none where it stays closed.

    The one with the highest number holds on each date. Ended, never deleted.
    """

    first_on = models.DateField()
    last_on = models.DateField()
    spans = models.JSONField(default=list)
    reason = models.CharField(max_length=100, blank=True)
    name = models.JSONField(default=dict)  # of a public holiday, by language
    number = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first_on__lte=F("last_on")), name="exception_dates_in_order"),
        ]
        indexes = [models.Index(fields=["practice", "first_on"], name="exceptions_by_day")]

    def __str__(self) -> str:
        return f"{self.first_on} {self.last_on}"


class SettingChange(PracticeRow):
    """What a setting said before and after a change, by field; who and when. Append-only; the record names its id."""

    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    number = models.PositiveIntegerField()
    before = models.JSONField()
    after = models.JSONField()
    at = models.DateTimeField()
    actor_role = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    undoes = Inside("self", null=True, related_name="undone_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "subject_kind", "subject_id", "number"], name="setting_changes_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.number}"


class ModeChange(PracticeRow):
    """A switch between rehearsal and live, or stop-all and its end; append-only."""

    class Kind(models.TextChoices):
        LIVE = "live"
        REHEARSAL = "rehearsal"
        STOPPED = "stopped"
        RESUMED = "resumed"

    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    actor_role = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "at"], name="mode_changes_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class Restoration(PracticeRow):
    """A return to a backup: what was compared, what differs, and who let messages go again. Ids and codes only."""

    class Newer(models.TextChoices):
        CARRIED = "carried"
        COMPARED = "compared"
        UNREADABLE = "unreadable"

    backup_at = models.DateTimeField()
    restored_at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    newer = models.CharField(max_length=10, choices=Newer)
    kept_as = models.CharField(max_length=63, blank=True)
    counts = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    accepted_at = models.DateTimeField(null=True)
    accepted_role = models.CharField(max_length=10, blank=True)
    accepted_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "restored_at"], name="restorations_by_time")]

    def __str__(self) -> str:
        return f"{self.file_name} {self.restored_at}"


class Tick(PracticeRow):
    """A line of the list before going live that somebody ticked. ``basis`` is what stood there: when that changes,
    the tick no longer counts. Withdrawn, never deleted.
    """

    code = models.CharField(max_length=20)
    basis = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    actor_role = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "code"], condition=Q(withdrawn_at=None), name="one_standing_tick_a_line"
            )
        ]

    def __str__(self) -> str:
        return self.code
