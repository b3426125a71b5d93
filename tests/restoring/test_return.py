"""A return to a backup amid many messages: nobody is told twice, no visit is lost, and what differs is shown."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from glede.config.backups.making import House, make_backup
from glede.config.backups.returning import restore
from glede.config.postgres import APPLICATION, OWNER, SUPERUSER, Cluster
from glede.diary.operations import cancel_appointment
from glede.diary.queries import appointment_for
from glede.inbox.operations import Incoming, receive_message
from glede.inbox.queries import unanswered
from glede.kernel import failpoints
from glede.kernel.actor import SYSTEM
from glede.kernel.ref import Ref
from glede.ledger.queries import verify
from glede.outbox.operations import resume, take_over_fates
from glede.outbox.operations.claiming import claim_batch
from glede.outbox.operations.settling import begin
from glede.people.operations import add_patient, erase_patient, opt_out
from glede.people.queries import names
from glede.people.values import PersonForm
from glede.practices.operations import AwaitsOwner, go_back_to_rehearsal
from glede.practices.queries import last_restoration, practice_by_id
from glede.promises.queries import open_about
from tests.depth import count
from tests.estate import an_estate
from tests.restoring.stage import Stage, quiet, stage

PEOPLE = count(2000)


@pytest.fixture
def guards() -> Iterator[None]:
    """Put every guard back at the end."""
    yield
    failpoints.remove_guards()


def a_day_later(found: Stage) -> None:
    """What happens after the backup: half of all are reminded, and people book, cancel, refuse and are forgotten."""
    found.send(PEOPLE // 2)
    silent = found.mails()
    waiting = [name for name in found.people if not silent[name]]
    refuses, forgotten, cancels = waiting[:3]
    opt_out(
        practice_id=found.practice_id, patient_id=found.people[refuses], channel=None, scope="all", how="phone",
        by=SYSTEM, now=found.now,
    )  # fmt: skip
    erase_patient(
        practice_id=found.practice_id, patient_id=found.people[forgotten], reason="asked", by=SYSTEM, now=found.now
    )
    cancel_appointment(
        practice_id=found.practice_id, appointment_id=found.visits[cancels], reason="unwell", by=SYSTEM, now=found.now
    )
    words = Incoming(patient_id=found.people[waiting[3]], words="Kan jeg komme senere?")
    receive_message(practice_id=found.practice_id, message=words, by=SYSTEM, now=found.now)
    found.book("late-kari", "late-tor", "late-per")
    found.plan()


def one_is_on_the_line(found: Stage) -> str:
    """A worker dies with one message on the line: nobody knows whether it left."""
    while not (batch := claim_batch(practice_id=found.practice_id, lane="reminder", limit=1, now=found.now)).outgoing:
        assert batch.taken, "somebody is still owed a reminder"
    begin(found.practice_id, batch.outgoing[0], None, is_live=True, at=found.now)
    return batch.outgoing[0].envelope.to_address.partition("@")[0]


@pytest.mark.slow
def test_a_return_amid_messages_tells_nobody_twice_and_loses_no_visit(
    tmp_path: Path, cluster: Cluster, own_database: str
) -> None:
    with stage(tmp_path, cluster, own_database, people=PEOPLE) as found:
        found.send(PEOPLE // 4)
        made = found.back_up()
        a_day_later(found)
        doubtful = one_is_on_the_line(found)
        before, told, asked = dict(found.visits), found.mails(), unanswered(found.practice_id)
        back = found.return_to(made)

        assert practice_by_id(found.practice_id).stopped_at is not None
        found.plan()
        assert found.send(10**6) == 0, "nothing leaves before the owner says so"
        seen = back.practices["solberg-optikk"]
        assert (seen["newer"], seen["counts"]["visits_new"], seen["counts"]["people_new"]) == ("carried", 3, 3)
        assert seen["counts"]["messages_went"] >= PEOPLE // 2
        assert {line["name"] for line in seen["lines"] if line["what"] == "booked"} == {
            "late-kari",
            "late-tor",
            "late-per",
        }
        assert [line["what"] for line in seen["lines"]].count("cancelled") == 1

        found.go_on()
        assert found.twice() == []
        for visit in before.values():
            appointment_for(found.practice_id, visit)
        assert verify(found.practice_id).problems == []
        assert [one.patient_id for one in unanswered(found.practice_id)] == [one.patient_id for one in asked]
        assert len(asked) == 1
        states = found.states()
        assert states[doubtful] == ("handed", "in_doubt")
        expected = len(before) - 4  # one is rung, one refused, one is forgotten, one cancelled
        assert len(found.mails()) == expected, Counter(states.values())
        assert told - found.mails() == Counter()


@pytest.mark.slow
def test_whoever_booked_since_and_was_told_so_is_not_told_again(
    tmp_path: Path, cluster: Cluster, own_database: str
) -> None:
    with stage(tmp_path, cluster, own_database, people=4) as found:
        found.book("mute-liv")
        found.plan()
        made = found.back_up()
        found.book_here("told-at-once")
        found.now += timedelta(minutes=10)
        found.plan()
        found.send(10)
        told = found.mails()
        assert (told["told-at-once"], len(told)) == (1, 5)
        rung = open_about(found.practice_id, Ref("appointment", found.visits["mute-liv"]))
        found.return_to(made)
        found.now += timedelta(minutes=10)
        found.go_on()
        assert found.mails() == told
        assert [p.id for p in rung] == [
            p.id for p in open_about(found.practice_id, Ref("appointment", found.visits["mute-liv"]))
        ]
        assert len(rung) == 1, "who could not be written to is rung, and once"
        facts = appointment_for(found.practice_id, found.visits["told-at-once"])
        assert facts is not None
        assert verify(found.practice_id).problems == []


@pytest.mark.slow
def test_where_nothing_newer_can_be_read_whoever_may_have_it_is_rung(
    tmp_path: Path, cluster: Cluster, own_database: str
) -> None:
    with stage(tmp_path, cluster, own_database, people=PEOPLE // 4) as found:
        found.send(PEOPLE // 16)
        made = found.back_up()
        found.send(PEOPLE // 8)
        told = found.mails()
        with psycopg.connect(cluster.url(SUPERUSER, own_database), autocommit=True) as breaking:
            breaking.execute("drop table ledger_event cascade")
        back = found.return_to(made)
        assert back.practices["solberg-optikk"]["newer"] == "unreadable"
        found.go_on()
        assert found.mails() == told, "not one more, for each may have been sent"
        rung = [name for name, state in found.states().items() if state == ("handed", "in_doubt")]
        assert len(rung) == PEOPLE // 4 - PEOPLE // 16
        assert verify(found.practice_id).problems == []


@pytest.mark.slow
@pytest.mark.parametrize("is_readable", [True, False])
def test_without_the_guard_people_are_told_twice(
    tmp_path: Path, cluster: Cluster, own_database: str, guards: None, is_readable: bool
) -> None:
    with stage(tmp_path, cluster, own_database, people=20) as found:
        found.send(5)
        made = found.back_up()
        found.send(10)
        failpoints.remove_guards("restored", *([] if is_readable else ["newer_read"]))
        found.return_to(made)
        found.go_on()
        assert len(found.twice()) == 10


def test_a_practice_on_a_virtual_clock_stands_as_it_stood_and_shows_what_differs(
    tmp_path: Path, cluster: Cluster, own_database: str
) -> None:
    here = an_estate("solberg")
    of = House(cluster.url(OWNER, own_database), APPLICATION, settings.GLEDE_MASTER_KEY)
    made = make_backup(tmp_path, of=of, days=35, say=quiet)
    form = PersonForm(given_name="Ola", external_id="new")
    add_patient(practice_id=here.house.id, person=form, by=SYSTEM, now=here.house.now)
    connections.close_all()
    seen = restore(made.path, of=of, carries=True, say=quiet).practices
    assert [(told["newer"], told["counts"]["people_new"]) for told in seen.values()] == [("shown", 1)]
    assert practice_by_id(here.house.id).stopped_at is None
    assert verify(here.house.id).problems == []


def test_who_went_back_to_rehearsal_since_is_not_made_live_by_a_return(
    tmp_path: Path, cluster: Cluster, own_database: str
) -> None:
    with stage(tmp_path, cluster, own_database, people=2) as found:
        made = found.back_up()
        go_back_to_rehearsal(practice_id=found.practice_id, by=SYSTEM, now=found.now)
        found.return_to(made, carries=False)
        assert not practice_by_id(found.practice_id).is_live
        found.go_on()
        assert not found.mails()


@pytest.mark.slow
def test_without_its_guard_messages_leave_before_the_owner_has_looked(
    tmp_path: Path, cluster: Cluster, own_database: str, guards: None
) -> None:
    with stage(tmp_path, cluster, own_database, people=4) as found:
        made = found.back_up()
        failpoints.remove_guards("restored_stops")
        found.return_to(made)
        assert found.send(10) == 4


def test_as_it_was_brings_no_visit_over_and_shows_it_but_keeps_every_no(
    tmp_path: Path, cluster: Cluster, own_database: str
) -> None:
    """The one return that every run of the tests makes."""
    with stage(tmp_path, cluster, own_database, people=12) as found:
        found.send(3)
        made = found.back_up()
        found.send(3)
        waiting = [name for name in found.people if not found.mails()[name]]
        opt_out(
            practice_id=found.practice_id, patient_id=found.people[waiting[0]], channel=None, scope="all", how="phone",
            by=SYSTEM, now=found.now,
        )  # fmt: skip
        erase_patient(
            practice_id=found.practice_id, patient_id=found.people[waiting[1]], reason="asked", by=SYSTEM, now=found.now
        )
        found.book("late-kari")
        back = found.return_to(made, carries=False)
        seen = back.practices["solberg-optikk"]
        assert (seen["newer"], [line["name"] for line in seen["lines"]]) == ("compared", ["late-kari"])
        waits = last_restoration(found.practice_id)
        assert waits is not None
        assert "late-kari" not in str(waits.lines), "the database keeps ids alone"
        with pytest.raises(AwaitsOwner):
            resume(practice_id=found.practice_id, by=SYSTEM, now=found.now)
        found.go_on()
        assert found.twice() == []
        assert len(found.mails()) == 10
        assert names(found.practice_id, [found.people[waiting[1]]])[found.people[waiting[1]]].name.strip() == ""
        assert last_restoration(found.practice_id) is None
        assert verify(found.practice_id).problems == []
        assert take_over_fates(practice_id=found.practice_id, twins=[], by=SYSTEM, now=found.now) == {}
