"""Calendars kept elsewhere, the files that came from them, and the busy times they told of."""

from django.db import models
from django.db.models import F, Q

from glede.practices.models import Inside, PracticeRow
from glede.staff.models import Practitioner


class Calendar(PracticeRow):
    """A calendar a clinician keeps elsewhere: a file put in once, or an address that is fetched. Ended, never deleted.

    ``read_at`` is when it last told us anything; the address is sealed, for whoever has it can read the calendar.
    """

    practitioner = Inside(Practitioner, db_index=False, related_name="+")
    name = models.CharField(max_length=100)
    address = models.BinaryField(null=True)
    host = models.CharField(max_length=255, blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    tried_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=40, blank=True)
    failed_since = models.DateTimeField(null=True)
    # What the other house gave us to ask "anything new?" with.
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "made_at"], name="calendars_in_order")]


class CalendarFile(PracticeRow):
    """One file as it came, sealed, with what was odd in it; a refused one with its reason. Only ever added."""

    calendar = Inside(Calendar, db_index=False, related_name="+")
    name = models.CharField(max_length=200)
    digest = models.BinaryField(max_length=32)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    came_at = models.DateTimeField()
    reason = models.CharField(max_length=40, blank=True)
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "calendar", "digest"], name="calendars_file_once"),
        ]
        indexes = [models.Index(fields=["practice", "calendar", "came_at"], name="calendars_files_newest")]


class BusyTime(PracticeRow):
    """A stretch of time a calendar told of. ``key`` is a digest: no word of the calendar is kept outside its file.

    ``vanished_at``: it stands there no longer, and a colleague is asked. ``kept_at``: the answer was that it holds.
    """

    calendar = Inside(Calendar, db_index=False, related_name="+")
    key = models.CharField(max_length=32)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    vanished_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "calendar", "key"], condition=Q(ended_at=None), name="calendars_time_once"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="calendars_time_in_order"),
        ]


class HeldTime(PracticeRow):
    """A claim of the diary that stands for busy times: by it what was held can be given back."""

    practitioner = Inside(Practitioner, db_index=False, related_name="+")
    claim_id = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "claim_id"], name="calendars_claim_once")]
        indexes = [
            models.Index(
                fields=["practice", "practitioner"], condition=Q(ended_at=None), name="calendars_held_of_chair"
            )
        ]
