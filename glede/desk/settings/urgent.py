"""Times kept free for what is urgent: which, with whom, and from when they are free for everybody."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.settings.apart_forms import UrgentTimes
from glede.desk.settings.apart_words import release_words, span_words
from glede.desk.settings.hours import kept
from glede.diary import operations as diary
from glede.diary.errors import NoSuchUrgentTime
from glede.diary.queries.leaves import UrgentKept, urgent_times
from glede.staff.queries import practitioners


@page("settings_urgent", roles=MANAGERS, methods=["GET", "POST"])
def urgent(request: DeskRequest) -> HttpResponse:
    """Show what is kept, and keep more."""
    here: dict[UUID | None, str] = {one.id: one.display_name for one in practitioners(request.practice.pk)}
    form = UrgentTimes(request.POST or None, clinicians=[(str(key), name) for key, name in here.items()])
    if request.method == "POST" and form.is_valid():
        new = diary.NewUrgentTimes(form.cleaned_data["practitioner_id"], form.cleaned_data["kept"])
        change = diary.keep_urgent_times(new=new, **_given(request))
        return kept(request, change, gettext("Kept free. What is booked stands."), "desk:settings_urgent")
    language = get_language() or "en"
    names: dict[UUID | None, str] = {None: gettext("with everybody"), **here}
    context = {
        "page": "settings",
        "form": form,
        "lines": [
            (one.id, span_words(one.kept, language), names[one.practitioner_id], release_words(one.kept))
            for one in sorted(urgent_times(request.practice.pk), key=_order)
            if one.practitioner_id in names
        ],
    }
    return render(request, "desk/settings/urgent.html", context, status=422 if form.is_bound else 200)


def _order(one: UrgentKept) -> tuple[Any, ...]:
    return one.kept.weekday, one.kept.opens, one.kept.closes, str(one.practitioner_id or "")


@page("settings_urgent_end", roles=MANAGERS, methods=["POST"])
def end(request: DeskRequest, urgent_time_id: UUID) -> HttpResponse:
    """Keep a span no more."""
    try:
        change = diary.end_urgent_time(urgent_time_id=urgent_time_id, **_given(request))
    except NoSuchUrgentTime as error:
        raise Http404 from error
    return kept(request, change, gettext("Kept no more: it is free for everybody."), "desk:settings_urgent")


def _given(request: DeskRequest) -> dict[str, Any]:
    return {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
