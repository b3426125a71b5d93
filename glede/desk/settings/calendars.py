"""Calendars that clinicians keep elsewhere: added, looked at, answered for, stopped; how old each is, said in words."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from glede.calendars import operations
from glede.calendars.errors import BadAddress, NoSuchCalendar
from glede.calendars.queries import Card, calendar_for, calendars
from glede.calendars.tasks import listen
from glede.calendars.values import NewCalendar, Told
from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.diary.history import moment
from glede.desk.diary.times import read_uuid
from glede.desk.settings import calendar_forms as forms
from glede.kernel.clock import wall
from glede.kernel.words import short_day_words, time_words
from glede.staff.queries import every_practitioner

FINDINGS_SHOWN = 12
REASONS: dict[str, Any] = {
    "no_calendar": _("this is no calendar file"),
    "empty": _("there is nothing in it"),
    "too_big": _("it is larger than 10 MB"),
    "too_many_lines": _("it has more lines than are read"),
    "too_many_events": _("it has more events than are read"),
    "too_deep": _("it is nested deeper than a calendar is"),
    "address": _("this is no address of a calendar"),
    "not_https": _("only addresses that begin with https are fetched from"),
    "inside": _("it leads into the practice’s own network"),
    "unreachable": _("nobody answers there"),
    "slow": _("it takes too long to answer"),
    "redirects": _("it sends us on and on"),
    "made_up": _("a practice on a clock of its own asks nobody"),
    "no_file": _("no file came yet"),
}
ODD: dict[str, Any] = {
    "zone": _("a time zone nobody knows: the practice’s holds"),
    "zone_table": _("a table of a time zone that cannot be read"),
    "encoding": _("letters in an unusual encoding"),
    "line": _("a line that cannot be read"),
    "line_too_long": _("a line that is too long"),
    "no_uid": _("an event without a number of its own"),
    "uid_twice": _("an event that stands there twice: the later one holds"),
    "not_ended": _("a part without an end"),
    "ends_nothing": _("an end without a beginning"),
    "no_frame": _("events without a calendar around them"),
    "range_future": _("a change of all that follows: only the one time was changed"),
    "rule": _("an event whose rule cannot be read: not held"),
    "rule_calendar": _("an event by another calendar than ours: not held"),
    "moment": _("an event whose time cannot be read: not held"),
    "no_dtstart": _("an event without a beginning: not held"),
    "ends_before_it_begins": _("an event that ends before it begins: not held"),
    "too_long_lasting": _("an event of more than a year: not held"),
    "too_long": _("an event with a rule that goes on too long: not held"),
    "too_many_times": _("an event that comes back too often: not held"),
}


@page("settings_calendars", roles=MANAGERS, methods=["GET", "POST"])
def every(request: DeskRequest) -> HttpResponse:
    """Show the calendars that are listened to, and add one."""
    posted = request.method == "POST"
    form = forms.NewCalendar(
        request.POST if posted else None, request.FILES if posted else None, clinicians=_clinicians(request)
    )
    if posted and form.is_valid():
        key = _add(request, form)
        if key is not None:
            return redirect("desk:settings_calendar", key)
    names = dict(_clinicians(request))
    found = [(one, names.get(str(one.practitioner_id), ""), _age(request, one)) for one in _cards(request)]
    context = {"page": "settings", "form": form, "found": found, "can_add": bool(names)}
    return render(request, "desk/settings/calendars.html", context, status=422 if posted else 200)


def _cards(request: DeskRequest) -> list[Card]:
    return calendars(request.practice.pk, now=request.now)


def _clinicians(request: DeskRequest) -> list[tuple[str, str]]:
    return [(str(one.id), one.display_name) for one in every_practitioner(request.practice.pk) if not one.is_ended]


def _add(request: DeskRequest, form: forms.NewCalendar) -> UUID | None:
    asked = form.cleaned_data
    new = NewCalendar(UUID(asked["practitioner"]), asked["name"], asked["address"])
    try:
        key = operations.add_calendar(new=new, **_given(request))
    except BadAddress as refusal:
        form.add_error("address", str(REASONS.get(str(refusal), REASONS["address"])))
        return None
    _tell(request, _take(request, key, asked["file"]))
    return key


def _take(request: DeskRequest, key: UUID, file: Any) -> Told:
    if file is None:
        return listen(request.practice.pk, key, request.by, request.now)
    return operations.take_file(calendar_id=key, name=file.name or "", content=file.read(), **_given(request))


def _tell(request: DeskRequest, told: Told) -> None:
    if told.reason:
        messages.error(request, gettext("Nothing was taken from it: %(why)s.") % {"why": reason_words(told.reason)})
        return
    times = told.counts.get("times", 0)
    words = ngettext("%(n)s busy time is held.", "%(n)s busy times are held.", times) % {"n": times}
    if told.clashes:
        words += " " + ngettext(
            "%(n)s visit lies in one: it stands on Today.", "%(n)s visits lie in one: they stand on Today.",
            told.clashes,
        ) % {"n": told.clashes}  # fmt: skip
    messages.success(request, words)


def reason_words(code: str) -> str:
    """Return why nothing was taken, in words."""
    if code.startswith("status_"):
        return gettext("it answers with %(code)s") % {"code": code.removeprefix("status_")}
    return str(REASONS.get(code, code))


@page("settings_calendar")
def one(request: DeskRequest, calendar_id: UUID) -> HttpResponse:
    """Show one calendar: its age, what was odd, and the times that vanished from it."""
    card = _card(request, calendar_id)
    odd = [(str(ODD.get(f["code"], f["code"])), f["line"], f["word"]) for f in card.findings]
    context = {
        "page": "settings",
        "one": card,
        "whose": dict(_clinicians(request)).get(str(card.practitioner_id), ""),
        "age": _age(request, card),
        "vanished": [(gone.id, _times(request, gone.starts_at, gone.ends_at)) for gone in card.vanished],
        "odd": odd[:FINDINGS_SHOWN],
        "more": max(0, len(odd) - FINDINGS_SHOWN),
        "file": forms.CalendarFile(),
        "may_change": request.membership.role in MANAGERS,
    }
    return render(request, "desk/settings/calendar.html", context)


def _card(request: DeskRequest, calendar_id: UUID) -> Card:
    try:
        return calendar_for(request.practice.pk, calendar_id, now=request.now)
    except NoSuchCalendar as error:
        raise Http404 from error


def _age(request: DeskRequest, card: Card) -> str:
    """Return how old a calendar is, and what is in the way of a newer one."""
    zone = request.practice.zone
    words = gettext("Read %(at)s.") % {"at": moment(card.read_at, zone)} if card.read_at else gettext("Not read yet.")
    if card.failure and card.failed_since:
        told = {"at": moment(card.failed_since, zone), "why": reason_words(card.failure)}
        words += " " + gettext("Since %(at)s: %(why)s.") % told
    return words


def _times(request: DeskRequest, start: datetime, end: datetime) -> str:
    zone, language = request.practice.zone, get_language() or "en"
    first, last = wall(start, zone), wall(end, zone)
    day = short_day_words(first.date(), language)
    if first.time() == last.time() == time() and (last.date() - first.date()).days == 1:
        return gettext("%(day)s, all day") % {"day": day}
    if first.date() != last.date():
        return (
            f"{day} {time_words(first.time(), 'en', 'staff')} - {short_day_words(last.date(), language)}"
            f" {time_words(last.time(), 'en', 'staff')}"
        )
    return f"{day} {time_words(first.time(), 'en', 'staff')}-{time_words(last.time(), 'en', 'staff')}"


@page("settings_calendar_answer", methods=["POST"])
def answer(request: DeskRequest, calendar_id: UUID) -> HttpResponse:
    """Say that times which vanished are free, or stay busy."""
    _card(request, calendar_id)
    times = [key for key in map(read_uuid, request.POST.getlist("time")) if key]
    is_free = request.POST.get("say") == "free"
    operations.answer_vanished(calendar_id=calendar_id, times=times, is_free=is_free, **_given(request))
    messages.success(request, gettext("Free again.") if is_free else gettext("They stay busy."))
    return redirect("desk:settings_calendar", calendar_id)


@page("settings_calendar_file", roles=MANAGERS, methods=["POST"])
def another_file(request: DeskRequest, calendar_id: UUID) -> HttpResponse:
    """Take a newer file of the same calendar."""
    _card(request, calendar_id)
    form = forms.CalendarFile(request.POST, request.FILES)
    if form.is_valid():
        _tell(request, _take(request, calendar_id, form.cleaned_data["file"]))
    else:
        messages.error(request, gettext("Choose a file"))
    return redirect("desk:settings_calendar", calendar_id)


@page("settings_calendar_look", roles=MANAGERS, methods=["POST"])
def look(request: DeskRequest, calendar_id: UUID) -> HttpResponse:
    """Fetch a calendar now."""
    _card(request, calendar_id)
    _tell(request, _take(request, calendar_id, None))
    return redirect("desk:settings_calendar", calendar_id)


@page("settings_calendar_stop", roles=MANAGERS, methods=["POST"])
def stop(request: DeskRequest, calendar_id: UUID) -> HttpResponse:
    """Listen to a calendar no more; the time it held is free."""
    _card(request, calendar_id)
    operations.stop_calendar(calendar_id=calendar_id, **_given(request))
    messages.success(request, gettext("Stopped. The time it held is free again."))
    return redirect("desk:settings_calendars")


def _given(request: DeskRequest) -> dict[str, Any]:
    return {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
