"""Promises are made once for a cause, sharpened, kept, handed over, postponed and withdrawn; never lost."""

from datetime import UTC, datetime, timedelta

import pytest

from glede.kernel.actor import SYSTEM, colleague
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.queries import events_of, verify
from glede.practices.operations import NewPractice, start_practice
from glede.promises import operations, queries
from glede.promises.operations import NewPromise

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def practice_id():
    return start_practice(NewPractice("Solberg", "NO", "nb", "Europe/Oslo", virtual_now=NOW), by=SYSTEM, now=NOW).pk


def owe(practice_id, subject, **more):
    new = NewPromise(**{"kind": "answer", "subject": subject, "due_at": NOW + HOUR, "cause": "conversation", **more})
    return operations.make_promise(practice_id=practice_id, new=new, by=SYSTEM, now=NOW)


def test_one_cause_is_one_promise_with_the_earlier_time_and_the_higher_urgency(practice_id):
    subject = Ref("conversation", new_id())
    first = owe(practice_id, subject)
    again = owe(practice_id, subject, due_at=NOW + HOUR / 2, urgency=1)
    later = owe(practice_id, subject, due_at=NOW + 9 * HOUR)
    assert first.pk == again.pk == later.pk
    (owed,) = queries.open_promises(practice_id)
    assert (owed.due_at, owed.urgency) == (NOW + HOUR / 2, 1)
    assert [e.kind for e in events_of(practice_id, Ref("promise", first.pk))] == ["promises.promise.made"]


def test_a_kept_promise_is_kept_once_and_a_new_one_may_be_made(practice_id):
    subject = Ref("conversation", new_id())
    first = owe(practice_id, subject)
    given = {"practice_id": practice_id, "promise_id": first.pk, "by": SYSTEM, "now": NOW}
    operations.keep_promise(evidence=Ref("reply", new_id()), **given)
    with pytest.raises(operations.NoSuchPromise):
        operations.keep_promise(**given)
    assert queries.open_promises(practice_id) == []
    assert owe(practice_id, subject).pk != first.pk


def test_what_is_handed_over_says_to_whom(practice_id):
    ingrid, marius = new_id(), new_id()
    promise = owe(practice_id, Ref("patient", new_id()), owner_id=ingrid)
    operations.hand_promise(
        practice_id=practice_id,
        promise_id=promise.pk,
        owner_id=marius,
        note="Hun liker deg",
        by=colleague(ingrid),
        now=NOW,
    )
    assert [o.owner_id for o in queries.open_promises(practice_id)] == [marius]
    ((outcome, _at, who, _reason, note),) = queries.outcomes_of(practice_id, promise.pk)
    assert (outcome, who, note) == ("handed", ingrid, "Hun liker deg")


def test_nobody_reached_is_asked_again_and_the_first_time_stays_on_record(practice_id):
    promise = owe(practice_id, Ref("appointment", new_id()), kind="call")
    operations.postpone_promise(
        practice_id=practice_id, promise_id=promise.pk, due_at=NOW + 5 * HOUR, by=SYSTEM, now=NOW
    )
    assert [o.due_at for o in queries.open_promises(practice_id)] == [NOW + 5 * HOUR]
    assert queries.outcomes_of(practice_id, promise.pk)[0][0] == "postponed"


def test_what_nobody_is_owed_any_more_is_withdrawn_with_its_reason(practice_id):
    visit = Ref("appointment", new_id())
    for cause in ("a", "b"):
        owe(practice_id, visit, kind="call", cause=cause)
    kept = owe(practice_id, visit, kind="answer")
    given = {"practice_id": practice_id, "by": SYSTEM, "now": NOW}
    assert operations.withdraw_promises_about(subject=visit, kinds=["call"], reason="cancelled", **given) == 2
    assert [o.id for o in queries.open_about(practice_id, visit)] == [kept.pk]
    assert queries.count_open(practice_id) == 1


def test_the_most_urgent_comes_first_then_the_soonest(practice_id):
    late = owe(practice_id, Ref("patient", new_id()), due_at=NOW + HOUR)
    soon = owe(practice_id, Ref("patient", new_id()), due_at=NOW + HOUR / 2)
    flag = owe(practice_id, Ref("patient", new_id()), due_at=NOW + 3 * HOUR, urgency=0)
    assert [o.id for o in queries.open_promises(practice_id)] == [flag.pk, soon.pk, late.pk]


def test_an_event_of_a_promise_names_nobody(practice_id):
    patient = new_id()
    promise = owe(practice_id, Ref("patient", patient), patient_id=patient)
    (event,) = events_of(practice_id, Ref("promise", promise.pk))
    assert event.patient_id == patient
    assert set(event.data) == {"kind", "about", "due", "cause"}
    assert verify(practice_id).ok


def test_the_other_practice_sees_no_promise(practice_id):
    other = start_practice(NewPractice("Nordlys", "NO", "nb", "Europe/Oslo", virtual_now=NOW), by=SYSTEM, now=NOW).pk
    promise = owe(practice_id, Ref("patient", new_id()))
    assert queries.open_promises(other) == []
    assert queries.promise_for(other, promise.pk) is None
    assert queries.open_about(other, Ref("patient", promise.subject_id)) == []
    assert queries.outcomes_of(other, promise.pk) == []
    with pytest.raises(operations.NoSuchPromise):
        operations.keep_promise(practice_id=other, promise_id=promise.pk, by=SYSTEM, now=NOW)
