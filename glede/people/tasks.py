"""Background work: once a night everybody is compared with whoever is like them."""

from uuid import UUID

from django.db import close_old_connections
from procrastinate.contrib.django import app

from glede.people.operations.likening import note_likenesses
from glede.practices.queries import practice_by_id, practice_now, practices_in_use


@app.task(name="people.compare", queue="people", lock="people.compare")
def compare(practice_id: str) -> None:
    """Compare the people of one practice and keep who may stand twice."""
    close_old_connections()
    practice = practice_by_id(UUID(practice_id))
    if practice.retired_at is None:
        note_likenesses(practice.pk, now=practice_now(practice))


@app.periodic(cron="41 2 * * *")
@app.task(name="people.compare_all", queue="people")
def compare_all(timestamp: int) -> None:
    """Compare the people of every practice, one practice at a time."""
    close_old_connections()
    for practice in practices_in_use():
        compare.defer(practice_id=str(practice.pk))
