"""What a person told us, in their own words, and what colleagues noted."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from glede.people.models.patient import Patient
from glede.practices.models import Inside, PracticeRow


class Need(PracticeRow):
    """One line of "what matters to me". Changed words are a new row that replaces this one."""

    class Kind(models.TextChoices):
        NEED = "need", _("Need or concern")
        WANT = "want", _("Want or goal")
        LIFESTYLE = "lifestyle", _("Lifestyle")
        RELATIONSHIP = "relationship", _("Relationship they wish")
        VALUE = "value", _("What they value")
        BUDGET = "budget", _("Budget")
        DO_NOT = "do_not", _("Do not")
        FORMAT = "format", _("How they read, hear and speak")
        ANXIOUS = "anxious", _("Anxious")
        COMPLEX = "complex", _("Complex")

    patient = Inside(Patient, db_index=False, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    words = models.TextField()
    noted_at = models.DateTimeField()
    noted_by_role = models.CharField(max_length=10)
    noted_by_id = models.UUIDField(null=True)
    asked_on = models.DateField(null=True)
    # Which communication need it is (rules/formats.py), "" for every other line.
    code = models.CharField(max_length=20, blank=True)
    reviewed_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    replaced_by = Inside("people.Need", null=True, db_index=False, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["practice", "patient", "kind"], name="people_needs")]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(ended_at__isnull=False), name="people_replaced_is_ended"
            )
        ]


class Note(PracticeRow):
    """What a colleague noted about a person; with a date it is a promise to the one who wrote it."""

    patient = Inside(Patient, db_index=False, related_name="+")
    words = models.TextField()
    on = models.DateField(null=True)
    written_at = models.DateTimeField()
    written_by_role = models.CharField(max_length=10)
    written_by_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "patient", "written_at"], name="people_notes")]


class Asked(PracticeRow):
    """One question of "before your visit" that a person went past: with an answer, or without one.

    ``visit_id`` is the visit's own id; the diary is a room above this one.
    """

    patient = Inside(Patient, db_index=False, related_name="+")
    visit_id = models.UUIDField()
    question = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    need = Inside("people.Need", null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "visit_id", "question"], name="people_asked_once"),
        ]
        indexes = [models.Index(fields=["practice", "patient"], name="people_asked_of")]
