"""Lists put in, where they come from, and what their rows made or changed."""

from django.db import models
from django.db.models import Q

from glede.lists.values import State
from glede.practices.models import Inside, PracticeRow


class ListSource(PracticeRow):
    """A system whose lists look alike: what was answered once about its columns is not asked again."""

    what = models.CharField(max_length=20)
    # Digest of what heads the columns: two lists of one source have the same.
    heads_key = models.CharField(max_length=64)
    told = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "what", "heads_key"], name="lists_source_once")]


class BroughtList(PracticeRow):
    """One file put in, and what became of it. What it holds of people is sealed, and kept no longer than needed."""

    source = Inside(ListSource, db_index=False, related_name="+")
    what = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, default=State.STAGED.value)
    # The file until it is brought or thrown away.
    content = models.BinaryField(null=True)
    # What the worker found in a long list; once it is brought, what became of it, until nobody can take it back.
    report = models.BinaryField(null=True)
    told = models.JSONField(default=dict)
    theirs = models.JSONField(default=list)
    rows = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    reason = models.CharField(max_length=40, blank=True)
    put_in_at = models.DateTimeField()
    put_in_by = models.UUIDField(null=True)
    begun_at = models.DateTimeField(null=True)
    begun_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    undo_until = models.DateTimeField(null=True)
    stop_asked_at = models.DateTimeField(null=True)
    # Which look through the list is wanted, until the worker is through with it; a new one makes the former moot.
    reading = models.UUIDField(null=True)
    read_to = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="lists_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["brought", "discarded", "taken_back"]) | Q(content=None),
                name="lists_content_goes_at_the_end",
            ),
        ]
        indexes = [models.Index(fields=["practice", "put_in_at"], name="lists_newest")]


class BroughtRow(PracticeRow):
    """What one row of a list made or changed: ids and codes alone, for taking it back."""

    list = Inside(BroughtList, db_index=False, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    word = models.CharField(max_length=10)
    before = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "list", "kind"], name="lists_rows_of_list"),
            models.Index(fields=["practice", "kind", "subject_id"], name="lists_rows_of_subject"),
        ]
