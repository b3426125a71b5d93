"""Events and what hangs on them. Only ``operations`` writes here."""

import json
from typing import Any

from django.db import models

from glede.practices.models import PracticeRow


class Event(PracticeRow):
    """One thing that happened. ``body`` is what is hashed; the columns repeat it for look-ups."""

    seq = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    actor_role = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    patient_id = models.UUIDField(null=True)
    body = models.BinaryField()
    prev = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "seq"], name="one_event_a_seq")]
        indexes = [
            models.Index(fields=["practice", "subject_kind", "subject_id", "seq"], name="events_of_subject"),
            models.Index(fields=["practice", "patient_id", "at", "seq"], name="events_of_patient"),
            models.Index(fields=["practice", "kind", "seq"], name="events_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"

    @property
    def data(self) -> dict[str, Any]:
        """The event's ids, codes, numbers and times, as recorded."""
        facts: dict[str, Any] = json.loads(bytes(self.body))["data"]
        return facts


class Head(PracticeRow):
    """Where a practice's chain ends. The database alone moves it, when events are appended."""

    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice"], name="one_head_a_practice")]

    def __str__(self) -> str:
        return str(self.seq)


class Subject(PracticeRow):
    """How fresh a subject is. ``version`` rises only when what is planned for it becomes moot."""

    kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    seq = models.BigIntegerField(default=0)
    last_kind = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "kind", "subject_id"], name="one_row_a_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class Access(PracticeRow):
    """Who looked at whom, on which page. Append-only."""

    at = models.DateTimeField()
    actor_role = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    patient_id = models.UUIDField()
    page = models.CharField(max_length=60)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "id"], name="access_in_order"),
            models.Index(fields=["practice", "patient_id", "id"], name="access_of_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.at}"


class AccessSeal(PracticeRow):
    """A link of the access log's own chain: the hash over every row up to ``last_id``. Append-only."""

    number = models.BigIntegerField()
    last_id = models.UUIDField()
    rows = models.PositiveIntegerField()
    prev = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="one_seal_a_number")]

    def __str__(self) -> str:
        return str(self.number)


class Checkpoint(PracticeRow):
    """The root of the tree over the first ``size`` events, signed. ``note`` is what is signed; append-only."""

    number = models.BigIntegerField()
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    frontier = models.BinaryField(max_length=2048)
    at = models.DateTimeField()
    note = models.TextField()
    public_key = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="one_checkpoint_a_number")]

    def __str__(self) -> str:
        return str(self.number)


class Tile(PracticeRow):
    """The root over the leaves of 1,024 events, so that a proof reads few events. Append-only."""

    number = models.BigIntegerField()
    root = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="one_tile_a_number")]

    def __str__(self) -> str:
        return str(self.number)


class Cursor(PracticeRow):
    """How far a follower has read a practice's events."""

    name = models.CharField(max_length=40)
    seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "name"], name="one_cursor_a_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.seq}"


class Command(PracticeRow):
    """A form that was pressed, by the id it was printed with; pressed again it gives the first answer."""

    answer = models.UUIDField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
