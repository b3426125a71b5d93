"""What a person allowed and refused: events, never a switch."""

from django.db import models

from glede.people.models.patient import Patient
from glede.practices.models import Inside, PracticeRow


class ConsentEvent(PracticeRow):
    """One thing a person allowed, refused or took back, with its proof (docs/rules.md). Rows are only ever added."""

    class Action(models.TextChoices):
        GRANT = "grant"
        WITHDRAW = "withdraw"
        OBJECT = "object"
        SOFT_OPTIN = "soft_optin_recorded"
        EXPIRE = "expire"
        IMPORT = "import"

    patient = Inside(Patient, db_index=False, related_name="+")
    contact_hash = models.BinaryField(null=True)
    action = models.CharField(max_length=20, choices=Action.choices)
    purpose = models.CharField(max_length=20)
    channel = models.CharField(max_length=12, default="*")
    brand_scope = models.CharField(max_length=60, blank=True)
    jurisdiction = models.CharField(max_length=8, blank=True)
    legal_basis = models.CharField(max_length=30, blank=True)
    wording_text = models.TextField(blank=True)
    wording_version = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=8, blank=True)
    form_id = models.CharField(max_length=60, blank=True)
    collected_via = models.CharField(max_length=12)
    actor_role = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    # HMAC of network address and browser under the person's own key: proof while the person is known, noise after.
    origin_hash = models.BinaryField(null=True)
    proof_ref = models.CharField(max_length=80, blank=True)
    double_opt_in_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    processed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["practice", "patient", "created_at"], name="people_consents")]


class Suppression(PracticeRow):
    """What outlives an erasure, as a salted hash: an address that refused, and a list number not to bring back."""

    key_hash = models.BinaryField()
    kind = models.CharField(max_length=12)
    channel = models.CharField(max_length=12, default="*")
    scope = models.CharField(max_length=12)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "key_hash", "kind", "channel", "scope"], name="people_suppressed_once"
            )
        ]
