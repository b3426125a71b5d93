"""What a practice's channels need to know: an account with a provider, its secret sealed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from glede.practices.models import PracticeRow


class TextAccount(PracticeRow):
    """A practice's account for text messages. A changed one is a new row; the old one is ended.

    ``hook_key`` is the part of our address that the provider calls; the same for every account of a practice, so
    that reports on what left by an older one still find their way.
    """

    hook_key = models.CharField(max_length=40)
    account_sid = models.CharField(max_length=34)
    sealed_token = models.BinaryField()
    service_sid = models.CharField(max_length=34, blank=True)
    sender = models.CharField(max_length=20, blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # Closed by the channel itself, because the phone companies block what it sends; a colleague opens it again.
    closed_at = models.DateTimeField(null=True)
    closed_for = models.CharField(max_length=20, blank=True)
    swept_at = models.DateTimeField(null=True)
    # Calls to our address whose signature was wrong: forged, or the token or the public address is not what we think.
    forged = models.PositiveIntegerField(default=0)
    forged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice"], condition=Q(ended_at=None), name="channels_one_text_account_in_force"
            ),
            models.CheckConstraint(condition=~Q(sender="", service_sid=""), name="channels_texts_have_a_sender"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_for="") | (Q(closed_at__isnull=False) & ~Q(closed_for="")),
                name="channels_texts_closed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"texts from {self.service_sid or self.sender}"
