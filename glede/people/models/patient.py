"""Who a person is."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from glede.practices.models import Inside, PracticeRow


class Household(PracticeRow):
    """People who live together. A shared number or address alone is no household: a colleague says so."""

    made_at = models.DateTimeField()


class Patient(PracticeRow):
    """A person the practice knows, whether or not they ever bought anything."""

    class Style(models.TextChoices):
        SHORT = "short", _("Short and factual")
        FRIENDLY = "friendly", _("Friendly")
        CALL = "call", _("Just call me")

    given_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120, blank=True)
    how_to_say = models.CharField(max_length=120, blank=True)
    birth_date = models.DateField(null=True)
    language = models.CharField(max_length=8, blank=True)
    style = models.CharField(max_length=8, choices=Style.choices, default=Style.FRIENDLY)
    zone = models.CharField(max_length=64, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    # Salted digest of the row that brought them where the list had no number; it outlives an erasure, to refuse it.
    list_key = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=60, blank=True)
    # The campaign words of the link they came by: "facebook, paid, autumn".
    campaign = models.CharField(max_length=200, blank=True)
    known_since = models.DateField(null=True)
    # Where letters go, as it is written there; two people at one address are two people.
    street = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=80, blank=True)
    # Bytewise, so that keyset pages run along the index in the order of the language.
    sort_key = models.CharField(max_length=260, blank=True, db_collation="C")
    household = Inside(Household, null=True, db_index=False, related_name="+")
    guardian = Inside("people.Patient", null=True, db_index=False, related_name="+")
    merged_into = Inside("people.Patient", null=True, db_index=False, related_name="+")
    deceased_on = models.DateField(null=True)
    safeguarded_since = models.DateField(null=True)
    added_at = models.DateTimeField()
    added_by_role = models.CharField(max_length=10)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "external_id"],
                condition=~models.Q(external_id=""),
                name="people_external_id_once",
            ),
            models.CheckConstraint(condition=~models.Q(merged_into=models.F("id")), name="people_not_merged_into_self"),
            models.CheckConstraint(condition=~models.Q(guardian=models.F("id")), name="people_not_own_guardian"),
        ]
        indexes = [
            models.Index(
                fields=["practice", "sort_key", "id"],
                condition=models.Q(merged_into=None, erased_at=None),
                name="people_in_order",
            ),
            models.Index(fields=["practice", "list_key"], condition=~models.Q(list_key=""), name="people_by_list_key"),
            *(
                models.Index(fields=["practice", key], condition=~models.Q(**{key: None}), name=f"people_with_{key}")
                for key in ("merged_into", "guardian", "household")
            ),
        ]

    @property
    def name(self) -> str:
        """The name as it is written."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def has_died(self) -> bool:
        """Whether a day of death is known."""
        return self.deceased_on is not None

    @property
    def is_erased(self) -> bool:
        """Whether the person asked to be forgotten, and was."""
        return self.erased_at is not None

    def age_on(self, day: date) -> int | None:
        """Return the age in whole years on ``day``; one born on 29 February turns a year older on 1 March."""
        if self.birth_date is None:
            return None
        had_no_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - had_no_birthday


class Apart(PracticeRow):
    """Two rows that a colleague said are two people, so that nobody is asked again. The smaller id stands first."""

    patient = Inside(Patient, db_index=False, related_name="+")
    other = Inside(Patient, db_index=False, related_name="+")
    said_at = models.DateTimeField()
    said_by_role = models.CharField(max_length=10)
    said_by_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient", "other"],
                condition=models.Q(ended_at=None),
                name="people_apart_once",
            ),
            models.CheckConstraint(condition=models.Q(patient__lt=models.F("other")), name="people_apart_in_order"),
        ]
        indexes = [models.Index(fields=["practice", "other"], name="people_apart_other")]


class PatientKey(PracticeRow):
    """The key of one person's commitments in the ledger, wrapped by the master key; destroyed by erasure."""

    patient = Inside(Patient, db_index=False, related_name="+")
    wrapped = models.BinaryField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "patient"], name="people_one_key")]


class FieldChange(PracticeRow):
    """What a field of a person said before and after, by whom: history, and what an import may not overwrite."""

    patient = Inside(Patient, db_index=False, related_name="+")
    field = models.CharField(max_length=40)
    was = models.CharField(max_length=260, blank=True)
    value = models.CharField(max_length=260, blank=True)
    at = models.DateTimeField()
    by_role = models.CharField(max_length=10)
    by_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "patient", "at"], name="people_field_changes")]
