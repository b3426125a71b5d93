"""The page where lists are put in, and the page of one list: what was found, how far it is, what became of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.lists import forms, words
from glede.kernel.clock import wall
from glede.lists import operations, queries
from glede.lists.errors import ForgottenList, NoSuchList, StillReading
from glede.lists.values import GOING_BACK, ListLine, NewList, State
from glede.people.lists.opening import UnreadableList


@page("lists", roles=MANAGERS, methods=["GET", "POST"])
def lists(request: DeskRequest) -> HttpResponse:
    """Show the lists there were; take a new file, sealed, and lead to what was found in it."""
    posted = request.method == "POST"
    what = request.GET.get("what", "people")
    form = forms.NewFile(request.POST, request.FILES) if posted else forms.NewFile(initial={"what": what})
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        new = NewList(what=form.cleaned_data["what"], name=file.name, content=file.read())
        try:
            list_id = _put_in(request, new)
        except UnreadableList as fault:
            form.add_error("file", words.unreadable(fault))
        else:
            return redirect("desk:list", list_id)
    context = {"page": "settings", "form": form, "lines": _lines(request)}
    return render(request, "desk/lists/page.html", context, status=422 if form.is_bound else 200)


def _put_in(request: DeskRequest, new: NewList) -> UUID:
    """Keep a file and return the list's id; a long one is looked through behind the page."""
    given: dict[str, Any] = {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
    list_id = operations.put_in_list(new=new, **given)
    if queries.list_line(request.practice.pk, list_id).is_long:
        operations.begin_reading(list_id=list_id, **given)
    return list_id


def _lines(request: DeskRequest) -> list[tuple[ListLine, str, str]]:
    return [
        (line, words.moment_of(line.put_in_at, request.practice.zone), words.state(line))
        for line in queries.lists_page(request.practice.pk)
    ]


@page("list", roles=MANAGERS, takes_back=True)
def list_(request: DeskRequest, list_id: UUID) -> HttpResponse:
    """Show one list as it stands: what was found, how far it is, or what became of it."""
    try:
        line = queries.list_line(request.practice.pk, list_id)
    except NoSuchList:
        raise Http404 from None
    template, context = _as_it_stands(request, line)
    response = render(request, template, {"page": "settings", "line": line, "title": words.title(line), **context})
    if request.headers.get("HX-Request") and template not in UNDER_WAY:
        # The page asks how far the list is; it is over, and the whole page is another one now.
        response.headers["HX-Refresh"] = "true"
    return response


def _as_it_stands(request: DeskRequest, line: ListLine) -> tuple[str, dict[str, Any]]:
    template, show = GOING if line.reason == GOING_BACK else PAGES[State(line.state)]
    try:
        return template, show(request, line)
    except ForgottenList:
        return "desk/lists/over.html", {}
    except StillReading:
        return "desk/lists/reading.html" if line.is_being_read else "desk/lists/unread.html", _far(line, line.read_to)


def _found(request: DeskRequest, line: ListLine) -> dict[str, Any]:
    found = queries.found(request.practice.pk, line.id, now=request.now)
    return {
        "found": found,
        "was_stopped": line.state == State.STOPPED,
        "columns": [words.ColumnLine.of(column, found) for column in found.columns],
        "questions": [words.Asked.of(n, question, found) for n, question in enumerate(found.questions)],
        "counts": words.counts(found.counts or {}, is_done=False),
        "sentences": words.sentences(found),
        "groups": [words.group(group, line.what) for group in found.groups],
        "rejects": [words.reject(one) for one in found.rejects],
        "asks": [words.ask(one) for one in found.asks],
        "proposals": [words.proposal(one) for one in found.proposals],
        "bring_words": words.bring(found),
        "left_out": words.fields(found.not_kept),
        "undo_until": _day(request, line),
        "read_at": words.moment_of(found.read_at, request.practice.zone) if line.is_long else "",
    }


def _coming(request: DeskRequest, line: ListLine) -> dict[str, Any]:
    return _far(line, line.done)


def _far(line: ListLine, done: int) -> dict[str, Any]:
    return {"share": words.share(done, line.rows), "done": words.number(done), "rows": words.number(line.rows)}


def _done(request: DeskRequest, line: ListLine) -> dict[str, Any]:
    outcome = queries.outcome(request.practice.pk, line.id)
    can_undo = line.undo_until is not None and request.now <= line.undo_until
    return {
        "became": words.outcome_title(line.counts),
        "next_words": words.what_next(line),
        "counts": words.counts(line.counts, is_done=True),
        "people_created": line.counts.get("people_created", 0) if line.what == "appointments" else 0,
        "groups": [words.group(group, line.what) for group in outcome.groups] if outcome else [],
        "rejects": [words.reject(one) for one in outcome.rejects] if outcome else [],
        "rejected": line.counts.get("rejected", 0),
        "left_out": words.fields(outcome.not_kept) if outcome else "",
        "unmatched": ", ".join(outcome.unmatched) if outcome else "",
        "undo_until": _day(request, line) if can_undo else "",
        "form": forms.NewFile(initial={"what": line.what}),
    }


def _over(_request: DeskRequest, line: ListLine) -> dict[str, Any]:
    return {"report": words.taken_back(line.counts) if line.state == State.TAKEN_BACK else ""}


def _day(request: DeskRequest, line: ListLine) -> str:
    return words.day_of_moment(wall(line.undo_until, request.practice.zone)) if line.undo_until else ""


Shown = Callable[[DeskRequest, ListLine], dict[str, Any]]
GOING: tuple[str, Shown] = ("desk/lists/going.html", _over)
UNDER_WAY = {"desk/lists/coming.html", "desk/lists/reading.html", "desk/lists/going.html"}
PAGES: dict[State, tuple[str, Shown]] = {
    State.STAGED: ("desk/lists/found.html", _found),
    State.STOPPED: ("desk/lists/found.html", _found),
    State.BRINGING: ("desk/lists/coming.html", _coming),
    State.BROUGHT: ("desk/lists/done.html", _done),
    State.DISCARDED: ("desk/lists/over.html", _over),
    State.TAKEN_BACK: ("desk/lists/over.html", _over),
}


@page("list_rejects", roles=MANAGERS)
def rejects(request: DeskRequest, list_id: UUID) -> HttpResponse:
    """Hand out the rows that were not taken as a file, to be corrected and put in again."""
    try:
        file = queries.rejects_file(request.practice.pk, list_id)
    except NoSuchList:
        raise Http404 from None
    if file is None:
        raise Http404(gettext("Every row was taken."))
    name, content = file
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{words.file_name(name)}"'
    return response
