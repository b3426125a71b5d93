"""Every query of every room, asked in the name of one practice with the ids of another."""

import inspect
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

from glede.diary.requests import TimesWanted
from glede.journeys.document import Spot
from glede.kernel.actor import SYSTEM
from glede.kernel.ids import link_hash
from glede.kernel.ref import Ref
from tests.estate import Estate

ROOMS = (
    "ledger", "promises", "people", "catalogue", "diary", "outbox", "inbox", "feedback", "lists", "journeys", "staff",
    "team", "calendars", "recall",
)  # fmt: skip


def every_query() -> Iterator[tuple[str, Any]]:
    """Yield (name, function) of each public query that takes a practice."""
    for room in ROOMS:
        module = import_module(f"glede.{room}.queries")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or not function.__module__.startswith(f"glede.{room}.queries"):
                continue
            if "practice_id" in inspect.signature(function).parameters:
                yield f"{room}.{name}", function


Value = Callable[[str, str], Any]
"""From the name of a parameter and of its query to what is passed; ``...`` where nobody knows."""


def ask_everything(ours: Estate, theirs: Estate) -> Iterator[tuple[str, str]]:
    """Yield (query, its answer as text), asked of ``ours`` with everything of ``theirs``."""
    for name, function in every_query():
        yield name, asked(name, function, lambda parameter, query: _value(parameter, query, ours, theirs))


def asked(name: str, function: Any, value: Value) -> str:
    """Return the answer of a query as text, or what it refuses with."""
    try:
        answer = function(**arguments(name, function, value))
        if inspect.isgenerator(answer):
            answer = list(answer)
    except LookupError as refusal:
        return f"refused: {type(refusal).__name__}"
    except Exception as refusal:
        if not type(refusal).__module__.startswith("glede."):
            raise
        return f"refused: {type(refusal).__name__}"
    return repr(answer)


def arguments(name: str, function: Any, value: Value) -> dict[str, Any]:
    """Return what a query is passed; one new word must be told to the tests before it is asked."""
    found = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind in {parameter.VAR_POSITIONAL}:
            continue
        given = value(parameter.name, name)
        if given is not ... and (parameter.default is parameter.empty or parameter.name in {"now"}):
            found[parameter.name] = given
        elif parameter.default is parameter.empty:
            raise AssertionError(f"{name}: say in tests/tenancy/questions.py what {parameter.name} is")
    return found


def _value(parameter: str, query: str, ours: Estate, theirs: Estate) -> Any:
    ids, now = theirs.ids, ours.house.now
    visit, patient = ids["appointment_id"], ids["patient_id"]
    known: dict[str, Any] = {
        "practice_id": ours.house.id, "patient_id": patient, "patient_ids": [patient], "appointment_id": visit,
        "visit_id": visit,
        "appointment_ids": [visit], "conversation_id": ids["conversation_id"], "promise_id": ids["promise_id"],
        "promise_ids": [ids["promise_id"]], "message_id": ids["message_id"], "message_ids": [ids["message_id"]],
        "service_id": ids["service_id"], "service_ids": [ids["service_id"]], "now": now, "words": "Kari",
        "membership_id": theirs.house.colleagues["runa"], "subject": Ref("appointment", visit),
        "subjects": [Ref("appointment", visit)],
        "subject_id": visit, "kind": "appointment" if query != "people.patients_at" else "email",
        "address": "kari@example.net", "external_ids": ["S-1001"], "external_id": "S-1001",
        "day": now.date() + timedelta(days=2), "from_": now.date(), "days": 5, "count": 5,
        "since": now - timedelta(days=3),
        "until": now + timedelta(days=9), "limit": 50, "ids": [ids["promise_id"]], "name": "journeys",
        "link_hash": link_hash(theirs.link), "kinds": ("need",), "language": "nb", "by": SYSTEM, "visit": None,
        "list_id": ids["list_id"], "contact_ids": [ids["contact_id"]], "guardian_ids": [patient],
        "calendar_id": ids["calendar_id"], "beginning": "",
        "command_ids": [ids["promise_id"]], "but": ours.house.colleagues["ingrid"], "moment": now,
        "conversation_ids": [ids["conversation_id"]], "reason": "refused", "owner_id": theirs.house.colleagues["runa"],
        "practitioner_id": ids["practitioner_id"], "minutes": 10, "today": now.date(),
        "spot": Spot("4", "", "nb", "email"), "event_kinds": ["people.patient.added", "diary.appointment.booked"],
        "wanted": TimesWanted(from_day=now.date(), days=5, practitioner_id=ids["practitioner_id"]),
    }  # fmt: skip
    if query == "diary.cancellation_note" and parameter == "visit":
        from glede.diary.queries import appointment_for

        return appointment_for(ours.house.id, ours.ids["appointment_id"])
    if query == "inbox.strays" and parameter == "ids":
        return [ids["stray_id"]]
    return known.get(parameter, ...)
