"""Small questions that open pages ask. They show nobody, so no look is noted; they read two rows by their keys."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext

from glede.desk.access import DeskRequest, page
from glede.kernel import clock
from glede.ledger import queries as ledger
from glede.staff import operations, queries

MOST_COMMANDS = 20


@page("fresh")
def fresh(request: DeskRequest) -> HttpResponse:
    """Answer 204 where nothing is other than at ``v``; else what stands now: ``v``, ``seq`` of the record, ``who``.

    With ``command`` it tells instead which of these pressed forms were taken in.
    """
    asked = [known for text in request.GET.getlist("command")[:MOST_COMMANDS] if (known := _uuid(text))]
    if asked:
        return JsonResponse({"done": sorted(map(str, ledger.commands_done(request.practice.pk, asked)))})
    seq, who = ledger.last_seq(request.practice.pk), _who(request)
    version = "|".join([str(seq), *(f"{one['id']}{one['words']}" for one in who)])
    if request.GET.get("v") == version:
        return HttpResponse(status=204)
    return JsonResponse({"v": version, "seq": seq, "who": who})


@page("presence", methods=["POST"])
def presence(request: DeskRequest) -> HttpResponse:
    """Note that a colleague has a promise open, and whether they write."""
    subject = _uuid(request.POST.get("open", ""))
    if subject is not None:
        operations.note_presence(
            practice_id=request.practice.pk, subject_id=subject, is_writing=request.POST.get("writes") == "1",
            by=request.by, now=clock.now(),
        )  # fmt: skip
    return HttpResponse(status=204)


def _who(request: DeskRequest) -> list[dict[str, Any]]:
    there = queries.present(request.practice.pk, but=request.membership.pk, moment=clock.now())
    return [{"id": str(one.subject_id), "words": _words(one)} for one in there]


def _words(one: queries.Present) -> str:
    name = {"name": one.display_name.split(" ", maxsplit=1)[0]}
    if one.is_writing:
        return gettext("%(name)s is writing") % name
    return gettext("%(name)s has this open") % name


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
