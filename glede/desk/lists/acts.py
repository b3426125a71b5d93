"""What is pressed on the page of a list: answers, bringing it in, stopping, throwing away, taking back."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.lists import words
from glede.lists import operations
from glede.lists.errors import AlreadyUnderWay, ForgottenList, NoSuchList, StillUnclear, TooLate, WrongState
from glede.people.lists.columns import UnclearColumns

ASK = re.compile(r"(?P<row>\d{1,9})\|(?P<field>\w{1,40})", re.ASCII)
Act = Callable[[DeskRequest, UUID, dict[str, Any]], str]


def _pressed(name: str) -> Callable[[Act], Callable[..., HttpResponse]]:
    """Make a view of an act: it says what was done, or why it cannot be, and leads back to the list."""

    def make(act: Act) -> Callable[..., HttpResponse]:
        @page(name, roles=MANAGERS, methods=["POST"])
        def view(request: DeskRequest, list_id: UUID) -> HttpResponse:
            given = {"practice_id": request.practice.pk, "list_id": list_id, "by": request.by, "now": request.now}
            try:
                said = act(request, list_id, given)
            except NoSuchList:
                raise Http404 from None
            except (AlreadyUnderWay, ForgottenList, StillUnclear, TooLate, UnclearColumns, WrongState) as fault:
                messages.warning(request, words.refusal(fault))
            else:
                if said:
                    messages.success(request, said)
            return redirect("desk:list", list_id)

        view.__doc__ = act.__doc__
        return view

    return make


def told(values: Iterable[str]) -> dict[str, str]:
    """Return what was answered as fields by heading, from values like "phone|Mob.nr"; "" says nothing."""
    pairs = (value.partition("|") for value in values if "|" in value)
    return {heading: field for field, _, heading in pairs if heading}


@_pressed("list_columns")
def columns(request: DeskRequest, list_id: UUID, given: dict[str, Any]) -> str:
    """Say what columns are."""
    names = [name for name in request.POST if name == "column" or name.startswith("answer-")]
    operations.map_columns(told=told(value for name in names for value in request.POST.getlist(name)), **given)
    return ""


@_pressed("list_answers")
def answers(request: DeskRequest, list_id: UUID, given: dict[str, Any]) -> str:
    """Say where the list's word goes before what was set here."""
    found = (ASK.fullmatch(value) for value in request.POST.getlist("theirs"))
    theirs = [(int(one["row"]), one["field"]) for one in found if one]
    operations.decide(theirs=theirs, **given)
    return gettext("Noted. It happens when the list is brought in.")


@_pressed("list_proposals")
def proposals(request: DeskRequest, list_id: UUID, given: dict[str, Any]) -> str:
    """Take services, clinicians and hours of the list into the settings."""
    made = operations.take_proposals(keys=request.POST.getlist("take"), **given)
    return gettext("They stand in the settings now.") if made else ""


@_pressed("list_bring")
def bring(request: DeskRequest, list_id: UUID, given: dict[str, Any]) -> str:
    """Let the list be brought in behind the page."""
    operations.begin_bringing(**given)
    return ""


@_pressed("list_stop")
def stop(request: DeskRequest, list_id: UUID, given: dict[str, Any]) -> str:
    """Stop bringing; what is in stays until it is taken back."""
    operations.stop_bringing(**given)
    return gettext("It stops after the rows under way.")


@_pressed("list_discard")
def discard(request: DeskRequest, list_id: UUID, given: dict[str, Any]) -> str:
    """Throw away a list that was only looked at."""
    operations.discard_list(**given)
    return gettext("Thrown away. Nothing of it was saved.")


@_pressed("list_take_back")
def take_back(request: DeskRequest, list_id: UUID, given: dict[str, Any]) -> str:
    """Let a list be taken back behind the page."""
    operations.begin_taking_back(**given)
    return ""
