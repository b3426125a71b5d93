"""The base of every row that belongs to a practice, and the key between two such rows."""

from typing import Any

from django.db import models
from django_scopes import ScopedManager

from glede.kernel.ids import new_id


class Inside(models.ForeignKey):  # type: ignore[type-arg]
    """A key between two rows of one practice. The database joins (practice_id, id) on both sides.

    Django makes no constraint of its own here; ``walls.Walls`` writes the composite one. Nothing
    a patient touched is ever deleted along: always PROTECT.
    """

    def __init__(self, to: Any, **options: Any) -> None:
        options["on_delete"] = models.PROTECT
        options["db_constraint"] = False
        super().__init__(to, **options)


class PracticeRow(models.Model):
    """A row behind the wall: it carries its practice, and a query outside a scope raises."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practice = models.ForeignKey("practices.Practice", on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = ScopedManager(practice="practice_id")

    class Meta:
        abstract = True
