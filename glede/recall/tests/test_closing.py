"""Closing a visit: all of it at once, held messages, promises, and the way back."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from glede.diary.operations import finish_appointment, strike_out_appointment
from glede.diary.queries import appointment_for
from glede.kernel.actor import colleague
from glede.kernel.ref import Ref
from glede.ledger import registry
from glede.ledger.queries import events_of_patient
from glede.people.operations import erase_patient, merge_patients
from glede.people.queries import reach, spoken
from glede.practices import scope
from glede.promises.queries import open_about, promise_for
from glede.recall import errors
from glede.recall.operations import close_visit, set_next_visit, take_back_closing, take_back_next_visit
from glede.recall.operations.closing import NoSuchColleague
from glede.recall.queries import closed_among, closing_of, next_visit_of, next_visits_said
from glede.recall.values import Leaving, Plan
from tests.closing import DUE, everything
from tests.estate import Estate, an_estate

pytestmark = pytest.mark.django_db
NOTHING = Leaving()


@pytest.fixture
def estate() -> Estate:
    """Return a practice in which Kari's visit is done."""
    made = an_estate("solberg")
    finish_appointment(appointment_id=made.ids["appointment_id"], **by(made, "amal"))
    return made


def by(estate: Estate, who: str) -> dict[str, Any]:
    """Return the practice, the colleague, and the moment the visit ends."""
    visit = appointment_for(estate.house.id, estate.ids["appointment_id"])
    return {"practice_id": estate.house.id, "by": colleague(estate.house.colleagues[who]), "now": visit.ends_at}


def close(estate: Estate, who: str = "amal", leaving: Leaving | None = None, **more: Any) -> Any:
    """Close Kari's visit."""
    what = everything(estate) if leaving is None else leaving
    return close_visit(appointment_id=estate.ids["appointment_id"], leaving=what, **by(estate, who), **more)


def stands(estate: Estate, patient_id: UUID) -> UUID | None:
    """Return which plan of a person stands."""
    due = next_visit_of(estate.house.id, patient_id)
    return due.id if due else None


def test_all_four_things_are_left_in_one_act(estate: Estate) -> None:
    kari, given = estate.ids["patient_id"], by(estate, "amal")
    late = replace(everything(estate), follow_up_on=given["now"].date() + timedelta(days=14))
    closing = close(estate, leaving=late)

    due = next_visit_of(estate.house.id, kari)
    assert due
    assert (due.months, due.due_month, due.why, due.words) == (24, date(2028, 11, 1), "wish", DUE.words)
    assert reach(estate.house.id, [kari])[kari].held_until == given["now"] + timedelta(hours=6)
    follow = promise_for(estate.house.id, closing.follow_up_id)
    assert follow
    assert (follow.kind, follow.owner_id) == ("follow_up", estate.house.colleagues["amal"])
    handed = promise_for(estate.house.id, closing.handed_id)
    assert handed
    assert (handed.kind, handed.owner_id) == ("hand_over", estate.house.colleagues["marius"])
    assert handed.due_at == given["now"] + timedelta(minutes=15)
    assert "Drives at night" in spoken(estate.house.id, [_note(handed)]).values()
    assert closed_among(estate.house.id, [closing.appointment_id]) == {closing.appointment_id}


def _note(owed: Any) -> UUID:
    return UUID(owed.detail["note"])


def test_no_word_of_it_stands_in_the_record(estate: Estate) -> None:
    close(estate, leaving=replace(everything(estate), follow_up_on=None))
    told = repr([event.data for event in events_of_patient(estate.house.id, estate.ids["patient_id"])])
    for words in (DUE.words, "Ring in 2 weeks", "Drives at night"):
        assert words not in told


def test_pressed_twice_it_is_closed_once(estate: Estate) -> None:
    command = uuid4()
    first = close(estate, leaving=Leaving(drops=True), command_id=command)
    assert close(estate, leaving=Leaving(drops=True), command_id=command).pk == first.pk
    with pytest.raises(errors.AlreadyClosed):
        close(estate, leaving=NOTHING)


def test_it_can_be_taken_back_and_what_stood_before_stands_again(estate: Estate) -> None:
    kari = estate.ids["patient_id"]
    before = set_next_visit(patient_id=kari, plan=Plan(12, "diabetes"), **by(estate, "nina"))
    closing = close(estate, leaving=replace(everything(estate), follow_up_on=None))
    take_back_closing(closing_id=closing.pk, **by(estate, "amal"))

    due = next_visit_of(estate.house.id, kari)
    assert due
    assert due.id == before.pk
    assert reach(estate.house.id, [kari])[kari].held_until is None
    about = open_about(estate.house.id, Ref("patient", kari))
    assert [owed for owed in about if owed.kind == "hand_over"] == []
    assert closing_of(estate.house.id, closing.appointment_id) is None
    assert len(next_visits_said(estate.house.id, kari)) == 3
    assert close(estate, leaving=NOTHING).pk != closing.pk


def test_a_visit_that_never_took_place_leaves_nothing(estate: Estate) -> None:
    kari = estate.ids["patient_id"]
    close(estate, leaving=replace(everything(estate), follow_up_on=None))
    strike_out_appointment(appointment_id=estate.ids["appointment_id"], **by(estate, "amal"))

    assert stands(estate, kari) == estate.ids["plan_id"]
    assert reach(estate.house.id, [kari])[kari].held_until is None
    assert closing_of(estate.house.id, estate.ids["appointment_id"]) is None


@pytest.mark.parametrize(("who", "may"), [("amal", True), ("marius", True), ("nina", True), ("sofie", True),
                                          ("ingrid", False)])  # fmt: skip
def test_clinicians_and_managers_say_when_somebody_is_due(estate: Estate, who: str, may: bool) -> None:
    for leaving in (Leaving(plan=DUE), Leaving(drops=True)):
        if not may:
            with pytest.raises(errors.NotAllowed):
                close(estate, who, leaving)
    marius = estate.house.colleagues["marius"]
    assert close(estate, who, Leaving(plan=DUE if may else None, follow_up="Ask", hand_to=marius)).handed_id


@pytest.mark.parametrize(
    ("plan", "refusal"),
    [
        (Plan(0, "wish"), errors.NoSuchMonths),
        (Plan(121, "wish"), errors.NoSuchMonths),
        (Plan(7), errors.WhyMissing),
        (Plan(None), errors.WhyMissing),
        (Plan(12, "nonsense"), errors.WhyMissing),
        (Plan(12, "other", " "), errors.WhyMissing),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_left(estate: Estate, plan: Plan, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        close(estate, leaving=Leaving(plan, drops=True))
    assert closing_of(estate.house.id, estate.ids["appointment_id"]) is None
    with pytest.raises(NoSuchColleague):
        close(estate, leaving=Leaving(drops=True, hand_to=uuid4()))
    kari = estate.ids["patient_id"]
    assert reach(estate.house.id, [kari])[kari].held_until is None


def test_a_visit_still_to_come_is_not_closed() -> None:
    with pytest.raises(errors.NotDone):
        close(an_estate("solberg"), leaving=NOTHING)


def test_a_plan_is_taken_back_once(estate: Estate) -> None:
    kari = estate.ids["patient_id"]
    first = set_next_visit(patient_id=kari, plan=DUE, **by(estate, "amal"))
    none = set_next_visit(patient_id=kari, plan=Plan(None, "wish"), **by(estate, "amal"))
    assert next_visit_of(estate.house.id, kari).months is None  # type: ignore[union-attr]
    with pytest.raises(errors.NotAllowed):
        take_back_next_visit(plan_id=none.pk, **by(estate, "ingrid"))
    assert take_back_next_visit(plan_id=none.pk, **by(estate, "amal")) == first
    with pytest.raises(errors.NoSuchPlan):
        take_back_next_visit(plan_id=none.pk, **by(estate, "amal"))


def test_another_practice_takes_back_nothing_of_ours(estate: Estate) -> None:
    closing, theirs = close(estate), an_estate("nordlys").house
    given: dict[str, Any] = {"practice_id": theirs.id, "by": colleague(theirs.colleagues["runa"]), "now": theirs.now}
    with pytest.raises(errors.NoSuchClosing):
        take_back_closing(closing_id=closing.pk, **given)
    with pytest.raises(errors.NoSuchPlan):
        take_back_next_visit(plan_id=closing.next_visit_id, **given)
    assert next_visit_of(theirs.id, estate.ids["patient_id"]) is None


def test_it_is_exported_and_forgotten_with_the_person(estate: Estate) -> None:
    kari, given = estate.ids["patient_id"], by(estate, "sofie")
    close(estate, leaving=Leaving(DUE, drops=True))
    with scope.transaction(estate.house.id):
        (_earlier, plan, closed) = registry.handlers("export")["recall"](estate.house.id, kari)
    assert (plan["months"], plan["words"], closed["drops"]) == (24, DUE.words, True)
    erase_patient(patient_id=kari, reason="asked", **given)
    assert next_visit_of(estate.house.id, kari) is None
    assert next_visits_said(estate.house.id, kari)[0].words == ""


def test_a_merged_person_is_due_when_either_was_last_said_to_be() -> None:
    estate = an_estate("solberg", "kari", "mette")
    finish_appointment(appointment_id=estate.ids["appointment_id"], **by(estate, "amal"))
    mette, given = estate.house.people["mette"], by(estate, "sofie")
    merge_patients(keep_id=mette, merge_id=estate.ids["patient_id"], **given)
    close(estate, leaving=replace(everything(estate), follow_up_on=None))
    assert next_visit_of(estate.house.id, mette).months == 24  # type: ignore[union-attr]
    assert reach(estate.house.id, [mette])[mette].held_until
    strike_out_appointment(appointment_id=estate.ids["appointment_id"], **given)
    assert stands(estate, mette) == estate.ids["plan_id"]
