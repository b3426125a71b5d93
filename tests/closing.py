"""The scenes of the operations at the end of a visit."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from glede.diary.operations import arrive_appointment, finish_appointment
from glede.diary.queries import appointment_for
from glede.kernel.actor import colleague
from glede.people.operations import hold_messages
from glede.practices import scope
from glede.recall.operations import close_visit, set_next_visit
from glede.recall.values import Leaving, Plan
from tests.estate import Estate
from tests.scenery import Scene, given, patient, visit

DUE = Plan(24, "wish", "Reads music in the evenings")


def everything(estate: Estate) -> Leaving:
    """Return all four things that can be left at the end of a visit."""
    marius = estate.house.colleagues["marius"]
    back_on = (estate.house.now + timedelta(days=14)).date()
    return Leaving(DUE, drops=True, follow_up="Ring in 2 weeks", follow_up_on=back_on, hand_to=marius,
                   what_matters="Drives at night")  # fmt: skip


def _done(estate: Estate) -> None:
    at = appointment_for(estate.house.id, estate.ids["appointment_id"]).starts_at
    who: dict[str, Any] = {**given(estate), "now": at}
    arrive_appointment(**visit(estate), **who)
    finish_appointment(**visit(estate), **who)


def _closed(estate: Estate) -> UUID:
    return close_visit(**visit(estate), leaving=everything(estate), **given(estate)).pk


def _planned(estate: Estate) -> UUID:
    return set_next_visit(**patient(estate), plan=DUE, **given(estate)).pk


def _held(estate: Estate) -> UUID:
    until = estate.house.now + timedelta(hours=6)
    return hold_messages(**patient(estate), reason="drops", until=until, **given(estate)).pk


def _waits_for_drops(estate: Estate) -> None:
    from glede.outbox.models import Message

    with scope.transaction(estate.house.id):
        rows = Message.objects.filter(touch__patient_id=estate.ids["patient_id"], state__in=["planned", "ready"])
        rows.update(held_until=estate.house.now + timedelta(hours=6), held_by="drops")


def _by_amal(estate: Estate) -> Any:
    return {"by": colleague(estate.house.colleagues["amal"])}


SCENES: dict[str, Scene] = {
    "people.hold_messages": Scene(
        lambda e: patient(e, reason="drops", until=e.house.now + timedelta(hours=6), **_by_amal(e))
    ),
    "people.release_messages": Scene(lambda e: {"hold_id": _held(e)}),
    "outbox.release_held": Scene(lambda e: patient(e, held_by="drops"), _waits_for_drops),
    "recall.close_visit": Scene(lambda e: visit(e, leaving=everything(e), **_by_amal(e)), _done),
    "recall.take_back_closing": Scene(lambda e: {"closing_id": _closed(e)}, _done),
    "recall.set_next_visit": Scene(lambda e: patient(e, plan=DUE, **_by_amal(e))),
    "recall.take_back_next_visit": Scene(lambda e: {"plan_id": _planned(e)}),
}
