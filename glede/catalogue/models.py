"""What a practice offers."""

from django.db import models
from django.db.models import F, Q

from glede.catalogue.rules import WAIT_MAX
from glede.practices.models import PracticeRow


class Service(PracticeRow):
    """Something a person can book: how long, what it costs, what to bring. Ended, never deleted."""

    code = models.SlugField(max_length=40)
    name = models.JSONField(default=dict)
    what_to_bring = models.JSONField(default=dict)
    minutes = models.PositiveSmallIntegerField()
    buffer_minutes = models.PositiveSmallIntegerField(default=0)
    # Minutes added by what somebody needs (``rules.MoreTime``): {"child": 15}.
    more_minutes = models.JSONField(default=dict)
    # What a visit needs beside the clinician, each a word that a room or a device of the diary serves as.
    asks_for = models.JSONField(default=list)
    # The code of the service that follows with somebody else, and how many minutes may lie between; blank: none.
    followed_by = models.SlugField(max_length=40, blank=True)
    follow_within = models.PositiveSmallIntegerField(default=0)
    price_minor_units = models.PositiveIntegerField(null=True)
    price_to_minor_units = models.PositiveIntegerField(null=True)
    for_new = models.BooleanField(default=False)
    sort = models.PositiveSmallIntegerField(default=0)
    external_id = models.CharField(max_length=120, blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="service_takes_time"),
            models.CheckConstraint(
                condition=Q(price_to_minor_units=None) | Q(price_minor_units__lt=F("price_to_minor_units")),
                name="service_prices_in_order",
            ),
            models.CheckConstraint(
                condition=Q(follow_within__lte=WAIT_MAX) & ~Q(followed_by=F("code")), name="service_followed_by_another"
            ),
            models.UniqueConstraint(fields=["practice", "code"], condition=Q(ended_at=None), name="one_service_a_code"),
            models.UniqueConstraint(
                fields=["practice", "external_id"],
                condition=~Q(external_id="") & Q(ended_at=None),
                name="one_service_an_external_id",
            ),
        ]
        indexes = [models.Index(fields=["practice", "sort"], name="services_in_order")]

    def __str__(self) -> str:
        return self.code
