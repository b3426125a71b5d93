"""A walk and its frames. Rows are written in the sealed database alone; where a practice lives both stay empty."""

from typing import ClassVar

from django.db import models

from glede.practices.models import Inside, PracticeRow


class Walk(PracticeRow):
    """One person's way through a copy of a practice.

    ``state`` says who walks, who is at the desk, and what both are still going to do.
    """

    home_id = models.UUIDField()  # the practice of which this is a copy
    persona = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    seed = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice"], name="shoes_one_walk_a_copy"),
            models.CheckConstraint(condition=models.Q(began_at__lt=models.F("ends_at")), name="shoes_walk_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.persona} {self.seed}"


class Frame(PracticeRow):
    """What was seen at one moment of a walk: what happened, why, and what then stood on the desk. Never changed."""

    walk = Inside(Walk, related_name="frames")
    n = models.PositiveIntegerField()
    at = models.DateTimeField()
    seen = models.JSONField()
    code = models.CharField(max_length=20, blank=True)  # of the link by which its visit's pages open

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "walk", "n"], name="shoes_frames_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.n} of {self.walk_id}"
