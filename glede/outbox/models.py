"""Touches (what is owed), messages (how it goes out) and attempts (what was tried, only ever added to)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from glede.outbox.policy.vocabulary import Reason as PolicyReason
from glede.outbox.rules import NOT_FINAL, PENDING, WENT, Fate, Lane, Reason, State
from glede.practices.models import Inside, Practice, PracticeRow

__all__ = ["Attempt", "Breaker", "Campaign", "CampaignPerson", "Message", "Touch"]

_ACTS = ["message", "call"]
_OPEN, _SENDING, _UNKNOWN, _FAILED = Fate.OPEN.value, State.SENDING.value, State.UNKNOWN.value, State.FAILED.value
_CLOSED_WITH_REASON = [Fate.SKIPPED.value, Fate.HANDED.value]
_LEFT = sorted(s.value for s in (*WENT, State.REHEARSED))
_PENDING = sorted(s.value for s in PENDING)
_NOT_FINAL = sorted(s.value for s in NOT_FINAL)
REASONS = sorted({*(r.value for r in Reason), *(r.value for r in PolicyReason)})
_NEEDS_REASON = [State.SKIPPED.value, State.FAILED.value, State.HANDED.value]


def _values(kind: type[State] | type[Fate] | type[Lane]) -> list[str]:
    return [member.value for member in kind]


def _proved_by_its_parent() -> "models.ForeignKey[Practice, Practice]":
    """The practice of a row whose composite key to its parent proves it: a second check would cost each send."""
    return models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)


class Touch(PracticeRow):
    """One thing a journey row, or a colleague's reply, owes a person. The key makes it the same touch."""

    row = models.CharField(max_length=40)
    journey_version = models.PositiveIntegerField(default=0)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    subject_version = models.PositiveIntegerField()
    occurrence = models.PositiveIntegerField(default=1)
    live = models.BooleanField()
    patient_id = models.UUIDField()
    purpose = models.CharField(max_length=40)
    lane = models.CharField(max_length=10)
    act = models.CharField(max_length=10, default="message")
    due_at = models.DateTimeField()
    late_after = models.DateTimeField(null=True)
    answers_at = models.DateTimeField(null=True)
    fate = models.CharField(max_length=10, default=Fate.OPEN.value)
    reason = models.CharField(max_length=30, blank=True)
    closed_at = models.DateTimeField(null=True)
    why = models.JSONField(default=dict)
    planned_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    "practice", "subject_id", "row", "subject_kind", "subject_version", "occurrence", "live",
                ],
                name="outbox_touch_is_one",
            ),
            models.CheckConstraint(condition=Q(fate__in=_values(Fate)), name="outbox_touch_fate_is_known"),
            models.CheckConstraint(condition=Q(lane__in=_values(Lane)), name="outbox_touch_lane_is_known"),
            models.CheckConstraint(condition=Q(act__in=_ACTS), name="outbox_touch_act_is_known"),
            models.CheckConstraint(
                condition=Q(fate=_OPEN, closed_at=None) | (~Q(fate=_OPEN) & Q(closed_at__isnull=False)),
                name="outbox_touch_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(fate__in=_CLOSED_WITH_REASON, reason__in=REASONS)
                | (~Q(fate__in=_CLOSED_WITH_REASON) & Q(reason="")),
                name="outbox_touch_says_why_not",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["practice", "patient_id", "due_at"], name="outbox_touch_of_patient"),
            models.Index(fields=["practice", "due_at"], name="outbox_touch_by_time"),
        ]

    def __str__(self) -> str:
        return f"touch {self.row} {self.id}"


class Message(PracticeRow):
    """One message of a touch. At most one of them is not final; the n-th comes after the (n-1)-th surely failed."""

    practice = _proved_by_its_parent()
    touch = Inside("outbox.Touch", related_name="messages")
    n = models.PositiveSmallIntegerField(default=1)
    lane = models.CharField(max_length=10)
    live = models.BooleanField()
    channel = models.CharField(max_length=20, blank=True)
    contact_id = models.UUIDField(null=True)
    language = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, default=State.PLANNED.value)
    reason = models.CharField(max_length=30, blank=True)
    due_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    held_by = models.CharField(max_length=20, blank=True)
    waited_from = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    # How often a worker fell silent at it, or its words could not be made: what breaks workers is set aside.
    lost = models.PositiveSmallIntegerField(db_default=0)
    # Since when they may already have it, from an earlier try: until it is settled it goes that same way or none.
    doubted_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    intent_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    message_ref = models.CharField(max_length=200, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    in_reply_to = models.CharField(max_length=200, blank=True)
    subject_line = models.CharField(max_length=400, blank=True)
    body = models.TextField(blank=True)
    promise_id = models.UUIDField(null=True)
    # What a text costs: its parts as we count them, and the price once the provider tells it. 0: not a text.
    parts = models.PositiveSmallIntegerField(db_default=0)
    price = models.DecimalField(max_digits=10, decimal_places=5, null=True)
    price_currency = models.CharField(max_length=3, db_default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "touch", "n"], name="outbox_message_counts_once"),
            models.UniqueConstraint(
                fields=["practice", "touch"],
                condition=Q(state__in=_NOT_FINAL),
                name="outbox_message_one_not_final",
            ),
            models.CheckConstraint(condition=Q(state__in=_values(State)), name="outbox_message_state_is_known"),
            models.CheckConstraint(condition=Q(lane__in=_values(Lane)), name="outbox_message_lane_is_known"),
            models.CheckConstraint(
                condition=Q(state=_SENDING, lease_until__isnull=False, intent_at__isnull=False)
                | (~Q(state=_SENDING) & Q(lease_until=None)),
                name="outbox_message_lease_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_NEEDS_REASON, reason__in=REASONS) | (~Q(state__in=_NEEDS_REASON) & Q(reason="")),
                name="outbox_message_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_LEFT, sent_at__isnull=False)
                | Q(state=_FAILED)
                | (~Q(state__in=_LEFT) & Q(sent_at=None)),
                name="outbox_message_left_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_NOT_FINAL, closed_at=None)
                | (~Q(state__in=_NOT_FINAL) & Q(closed_at__isnull=False)),
                name="outbox_message_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(held_until=None, held_by="") | (Q(held_until__isnull=False) & ~Q(held_by="")),
                name="outbox_message_held_by",
            ),
            models.CheckConstraint(
                condition=~Q(state=_UNKNOWN) | Q(intent_at__isnull=False, fence__gte=1),
                name="outbox_message_in_doubt_was_tried",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "live", "lane", "due_at"],
                name="outbox_message_due",
                condition=Q(state__in=_PENDING),
            ),
            models.Index(fields=["practice", "lease_until"], name="outbox_message_leased", condition=Q(state=_SENDING)),
            models.Index(fields=["practice", "intent_at"], name="outbox_message_in_doubt", condition=Q(state=_UNKNOWN)),
            models.Index(
                fields=["practice", "intent_at"],
                name="outbox_texts_begun",
                condition=Q(channel="sms"),
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.n} of {self.touch_id}"


class Attempt(PracticeRow):
    """What was tried, and what came of it: intent, begun, outcome, report. Only ever added to."""

    practice = _proved_by_its_parent()
    message = Inside("outbox.Message", related_name="attempts")
    kind = models.CharField(max_length=10)
    fence = models.PositiveIntegerField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=30, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    request_hash = models.CharField(max_length=64, blank=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["intent", "begun"], outcome="")
                | Q(kind__in=["outcome", "report"], outcome__in=[s.value for s in State]),
                name="outbox_attempt_outcome_has_state",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "message", "fence"], name="outbox_attempt_of_message"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fence} of {self.message_id}"


class Breaker(PracticeRow):
    """One channel of a practice that answers badly. While it rests nothing is sent on it but one message to try it.

    ``failures`` counts calls in a row at which nothing was wrong with the message; the first one that goes well ends
    the row's rest.
    """

    channel = models.CharField(max_length=20)
    failures = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    rests_until = models.DateTimeField(null=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "channel"], name="outbox_breaker_of_channel"),
        ]

    def __str__(self) -> str:
        return f"breaker of {self.channel}"


class Campaign(PracticeRow):
    """The same words to many people, once each. Shown first, started by a person, stopped as a whole.

    ``words`` holds by language a subject and a text. ``expanded`` of its ``size`` people have their touch: whoever
    is killed amid them goes on after that number.
    """

    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=40)
    words = models.JSONField()
    size = models.PositiveIntegerField()
    expanded = models.PositiveIntegerField(default=0)
    live = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expanded__lte=F("size")), name="outbox_campaign_has_its_size"),
            models.CheckConstraint(
                condition=Q(started_at=None, due_at=None, expanded=0)
                | Q(started_at__isnull=False, due_at__isnull=False),
                name="outbox_campaign_started_has_hour",
            ),
        ]

    def __str__(self) -> str:
        return f"campaign {self.name}"


class CampaignPerson(PracticeRow):
    """One person of a campaign's list: its n-th, and no second time."""

    practice = _proved_by_its_parent()
    campaign = Inside("outbox.Campaign", related_name="people")
    n = models.PositiveIntegerField()
    patient_id = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "campaign", "n"], name="outbox_campaign_counts_once"),
            models.UniqueConstraint(fields=["practice", "campaign", "patient_id"], name="outbox_campaign_asks_once"),
        ]

    def __str__(self) -> str:
        return f"{self.n} of {self.campaign_id}"
