"""The day on paper: who comes when, how to ring them, and room to write. For the day the machine is down."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from glede.desk.access import DeskRequest, page
from glede.desk.diary.times import read_day
from glede.desk.paper import folder
from glede.desk.paper.day import rows_of
from glede.desk.paper.keeping import styles_hash
from glede.kernel.clock import day_of
from glede.kernel.words import day_words


@page("sheet")
def sheet(request: DeskRequest) -> HttpResponse:
    """Show a day as one sheet to print, tomorrow where none is named; and the sheets that were stored."""
    practice, language = request.practice, get_language() or "en"
    wanted = read_day(request.GET.get("day", "")) or day_of(request.now, practice.zone) + timedelta(days=1)
    rows = rows_of(practice, wanted, language)
    request.look_at(*(row.patient_id for row in rows))
    kept = [(one.name, day_words(one.wanted.day, language), one.wanted.when) for one in folder.kept(practice)]
    context = {
        "page": "diary", "day": wanted, "words": day_words(wanted, language), "rows": rows,
        "before": wanted - timedelta(days=1), "after": wanted + timedelta(days=1),
        "kept": kept, "folder": folder.folder_of(practice), "days": 7,
    }  # fmt: skip
    return render(request, "desk/diary/sheet.html", context)


@page("sheet")
def kept_sheet(request: DeskRequest, name: str) -> HttpResponse:
    """Show a sheet as it was stored, in the looks that travel inside it."""
    found = next((one for one in folder.kept(request.practice) if one.name == name), None)
    if found is None:
        raise Http404
    request.look_at(*found.people())
    response = HttpResponse(found.html())
    response._csp_update = {"style-src": styles_hash()}  # type: ignore[attr-defined]  # as csp.decorators does
    return response
