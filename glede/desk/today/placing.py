"""Words that came from nobody we knew: a colleague says whose they are, or that nobody waits for an answer."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from glede.channels.operations.mails import NoSuchMail
from glede.desk.access import DeskRequest
from glede.desk.diary.times import read_uuid
from glede.inbox.operations import NobodyThere, NoSuchStray


def placed(request: DeskRequest, place: Callable[..., Any], **what: Any) -> HttpResponse:
    """Have ``place`` put the words into the conversation of the person who was named, and open that person.

    ``what`` names the words. Where nobody is named, nobody is there or no such words wait, there is no such page.
    """
    person = read_uuid(request.POST.get("person", ""))
    if person is None:
        raise Http404
    try:
        place(practice_id=request.practice.pk, patient_id=person, by=request.by, now=request.now, **what)
    except (NoSuchMail, NoSuchStray, NobodyThere):
        raise Http404 from None
    messages.success(request, gettext("It stands with them now. They wait for an answer."))
    return redirect("desk:person", person)


def close_words(request: DeskRequest, close: Callable[..., Any], **what: Any) -> None:
    """Have ``close`` say that nobody waits for an answer, with the line written; ``what`` as for ``placed``."""
    note = request.POST.get("note", "")[:500]
    try:
        close(practice_id=request.practice.pk, note=note, by=request.by, now=request.now, **what)
    except (NoSuchMail, NoSuchStray):
        raise Http404 from None
