"""Rows of the inbox. Messages, replies and closings are only ever added to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from glede.practices.models import Inside, PracticeRow


class Channel(models.TextChoices):
    """How the words came: the patient's own link, or a channel from outside."""

    LINK = "link", _("their link")
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")
    CALL = "call", _("phone")


class ClosingReason(models.TextChoices):
    """Why a message needs no written answer. Somebody was answered, or nothing was asked."""

    RANG = "rang", _("answered by phone")
    IN_PERSON = "in_person", _("answered here, in person")
    THANKS_ONLY = "thanks_only", _("they said thanks and asked nothing")
    NOT_FOR_US = "not_for_us", _("not meant for us")
    UNDERSTOOD = "understood", _("a plain answer to a reminder, and done")


class Conversation(PracticeRow):
    """Everything said between the practice and one patient, from first to last."""

    patient = Inside("people.Patient", related_name="conversations")
    started_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "patient"], name="inbox_one_per_patient"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.id}"


class InboundMessage(PracticeRow):
    """Words of a patient, as they came. ``n`` counts within the conversation, from 1, without gaps."""

    conversation = Inside("inbox.Conversation", related_name="messages")
    appointment = Inside("diary.Appointment", related_name="messages", null=True)
    n = models.PositiveIntegerField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    words = models.TextField()
    received_at = models.DateTimeField()
    tier = models.PositiveSmallIntegerField()
    categories = models.JSONField(default=list)
    must_read_now = models.BooleanField()
    lexicon_version = models.CharField(max_length=20)
    has_safety_net = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "conversation", "n"], name="inbox_message_counts_once"),
            models.CheckConstraint(condition=Q(n__gte=1), name="inbox_message_counts_from_one"),
            models.CheckConstraint(condition=Q(tier__in=[0, 1, 2, 5]), name="inbox_message_tier_is_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "received_at"], name="inbox_message_by_time"),
        ]

    def __str__(self) -> str:
        return f"message {self.n} of {self.conversation_id}"


class Reply(PracticeRow):
    """A colleague's answer. It answers every message up to ``answers_to`` (0 where none was open)."""

    conversation = Inside("inbox.Conversation", related_name="replies")
    answers_to = models.PositiveIntegerField()
    words = models.TextField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    written_by = models.UUIDField()
    written_at = models.DateTimeField()
    touch_id = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "conversation", "answers_to"], name="inbox_reply_by_talk"),
            models.Index(fields=["practice", "written_at"], name="inbox_reply_by_time"),
        ]

    def __str__(self) -> str:
        return f"reply to {self.answers_to} of {self.conversation_id}"


class Closure(PracticeRow):
    """A named colleague says that no written answer is needed, and why.

    Nobody's name stands under ``understood`` alone: a plain yes to a reminder was done at once (decision 38).
    """

    conversation = Inside("inbox.Conversation", related_name="closures")
    closes_to = models.PositiveIntegerField()
    reason = models.CharField(max_length=20, choices=ClosingReason.choices)
    note = models.TextField(blank=True)
    closed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(reason__in=ClosingReason.values), name="inbox_closure_has_a_reason"),
            models.CheckConstraint(
                condition=Q(reason="understood", closed_by=None) | ~Q(reason="understood") & Q(closed_by__isnull=False),
                name="inbox_closure_by_a_name",
            ),
            models.CheckConstraint(condition=Q(closes_to__gte=1), name="inbox_closure_closes"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "conversation", "closes_to"], name="inbox_closure_by_talk"),
        ]

    def __str__(self) -> str:
        return f"closing to {self.closes_to} of {self.conversation_id}"


class Reopening(PracticeRow):
    """A closing was taken back: whoever waited waits again. Only ever added to."""

    closure = Inside("inbox.Closure", related_name="reopenings")
    reopened_by = models.UUIDField()
    reopened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "closure"], name="inbox_closure_reopened_once"),
        ]

    def __str__(self) -> str:
        return f"reopening of {self.closure_id}"


class Assessment(PracticeRow):
    """A named clinician read what was raised and says that it is not urgent, and why. Nothing else lowers a tier."""

    conversation = Inside("inbox.Conversation", related_name="assessments")
    assesses_to = models.PositiveIntegerField()
    tier_before = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    assessed_by = models.UUIDField()
    assessed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(assesses_to__gte=1), name="inbox_assessment_assesses"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "conversation", "assesses_to"], name="inbox_assessment_by_talk"),
        ]

    def __str__(self) -> str:
        return f"assessment to {self.assesses_to} of {self.conversation_id}"


class DeskClosing(PracticeRow):
    """The end of a day at the desk: everyone had an answer, or somebody's name and a time. Only ever added to."""

    day = models.DateField()
    n_answered = models.PositiveIntegerField()
    n_handed = models.PositiveIntegerField()
    closed_by = models.UUIDField()
    closed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "closed_at"], name="inbox_closings_by_time"),
        ]

    def __str__(self) -> str:
        return f"closing of {self.day}"


class StrayMessage(PracticeRow):
    """Words from a number that nobody, or more than one, is known by. Kept until a colleague says whose they are."""

    channel = models.CharField(max_length=10, choices=Channel.choices)
    address = models.CharField(max_length=254)
    words = models.TextField()
    provider_id = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    tier = models.PositiveSmallIntegerField()
    must_read_now = models.BooleanField()
    patient = Inside("people.Patient", related_name="+", null=True)
    message = Inside("inbox.InboundMessage", related_name="+", null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    note = models.TextField(blank=True)
    calmed_at = models.DateTimeField(null=True)
    calmed_by = models.UUIDField(null=True)
    calm_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "channel", "provider_id"], name="inbox_stray_came_once"),
            models.CheckConstraint(
                condition=Q(calmed_at=None, calmed_by=None) | Q(calmed_at__isnull=False, calmed_by__isnull=False),
                name="inbox_stray_calmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, message=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="inbox_stray_closed_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "received_at"], name="inbox_stray_open", condition=Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return f"stray message {self.id}"


class Draft(PracticeRow):
    """What a colleague has begun to write, kept until it is sent or thrown away."""

    conversation = Inside("inbox.Conversation", related_name="drafts")
    membership_id = models.UUIDField()
    words = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "conversation", "membership_id"], name="inbox_one_draft_each"),
        ]

    def __str__(self) -> str:
        return f"draft in {self.conversation_id}"
