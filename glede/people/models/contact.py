"""How a person is reached, and how they wish to be."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from glede.people.models.patient import Patient
from glede.practices.models import Inside, PracticeRow


class ContactPoint(PracticeRow):
    """One address or number of a person. A changed one is a new row; the old one is ended, with a reason."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")

    patient = Inside(Patient, db_index=False, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=254)
    email_key = models.CharField(max_length=254, blank=True)
    e164 = models.CharField(max_length=20, blank=True)
    takes_texts = models.BooleanField(default=True)
    rank = models.PositiveSmallIntegerField(default=1)
    is_verified = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by_role = models.CharField(max_length=10)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=30, blank=True)
    ended_by_role = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="email") & Q(e164="") & (~Q(email_key="") | Q(ended_at__isnull=False)))
                | (Q(kind="phone") & Q(email_key="") & (~Q(e164="") | Q(ended_at__isnull=False))),
                name="people_contact_is_normal",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_reason="") | Q(ended_at__isnull=False) & ~Q(ended_reason=""),
                name="people_contact_end_has_reason",
            ),
            models.UniqueConstraint(
                fields=["practice", "patient", "email_key", "e164"],
                condition=Q(ended_at__isnull=True),
                name="people_contact_once",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "patient"], name="people_contacts"),
            models.Index(fields=["practice", "email_key"], condition=~Q(email_key=""), name="people_by_email"),
            models.Index(fields=["practice", "e164"], condition=~Q(e164=""), name="people_by_phone"),
        ]

    @property
    def address(self) -> str:
        """The address in its normal form."""
        return self.email_key or self.e164


class ContactPreference(PracticeRow):
    """How a person wishes to be reached. A changed wish is a new row; the one without an end is in force."""

    patient = Inside(Patient, db_index=False, related_name="+")
    channels = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    # Another order of channels for one kind of message: "visits", "answers", "care", "news" (rules/reaching.py).
    channels_for = models.JSONField(default=dict, blank=True)
    days = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    hours_from = models.TimeField(null=True)
    hours_to = models.TimeField(null=True)
    pause_until = models.DateField(null=True)
    quiet_all = models.BooleanField(default=False)
    preparation_by_text = models.BooleanField(default=False)
    set_at = models.DateTimeField()
    set_by_role = models.CharField(max_length=10)
    set_by_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient"], condition=Q(ended_at__isnull=True), name="people_one_preference"
            ),
            models.CheckConstraint(
                condition=Q(hours_from__isnull=True, hours_to__isnull=True) | Q(hours_from__lt=F("hours_to")),
                name="people_hours_in_order",
            ),
        ]
