"""Who looked is chained in batches; a look that is changed or taken away is noticed."""

from datetime import timedelta

import psycopg
import pytest

from glede.config import postgres
from glede.kernel import clock
from glede.kernel.actor import SYSTEM
from glede.kernel.ids import new_id
from glede.ledger import operations, queries
from glede.ledger.models import AccessSeal
from glede.ledger.operations import seal_accesses
from glede.ledger.tests.test_ledger import NOW, a_practice
from glede.practices import scope


def later():
    """Return a moment at which everything looked at so far is old enough."""
    return clock.now() + timedelta(minutes=10)


def look(practice_id, times=3):
    for _ in range(times):
        operations.log_access(practice_id, by=SYSTEM, patient_id=new_id(), page="person", now=NOW)


@pytest.mark.django_db
def test_looks_are_sealed_once_they_are_a_minute_old_and_only_once():
    practice_id = a_practice()
    look(practice_id)
    assert seal_accesses(practice_id, moment=clock.now()) == 0
    assert seal_accesses(practice_id, moment=later()) == 3
    assert seal_accesses(practice_id, moment=later()) == 0
    look(practice_id, 2)
    assert seal_accesses(practice_id, moment=later()) == 2
    with scope.transaction(practice_id):
        assert list(AccessSeal.objects.order_by("number").values_list("number", "rows")) == [(1, 3), (2, 2)]
    assert queries.verify(practice_id).ok


@pytest.mark.parametrize(
    "damage", ["delete from ledger_access where id = %s", "update ledger_access set page = 'x' where id = %s"]
)
def test_a_look_that_was_changed_or_taken_away_is_noticed(own_database, cluster, damage):
    practice_id = a_practice()
    look(practice_id)
    seal_accesses(practice_id, moment=later())
    with psycopg.connect(cluster.url(postgres.SUPERUSER, own_database)) as superuser:
        superuser.execute("set session_replication_role = replica")
        ((first,),) = superuser.execute("select id from ledger_access order by id limit 1").fetchall()
        superuser.execute(damage, [first])
    report = queries.verify(practice_id)
    assert report.problems == ["the log of who looked was changed before its seal 1"]
