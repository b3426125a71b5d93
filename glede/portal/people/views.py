"""Change how we reach you, rest from us, stop news, and see what we hold."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from glede.diary.queries import visits_of
from glede.inbox.queries import conversation_of
from glede.kernel.clock import day_of
from glede.kernel.words import day_words
from glede.people.operations import ContactEnded, detach_contact, opt_out, set_preference
from glede.people.queries import preference_of
from glede.people.values import Said
from glede.portal import wording
from glede.portal.gate import Guest, command_of, go, patient_page, show
from glede.portal.people import presenters
from glede.portal.people.forms import Known, QuietForm, ReachForm
from glede.ui.nonce import StaleNonce

UNREADABLE = 422
NEWS_WORDS = "preferences/1"  # the version of the words on the button that stops news


@patient_page("visit.preferences", writes=True)
def preferences(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Show and take how the patient wants to be reached."""
    known = _known(guest)
    form = ReachForm(request.POST if request.method == "POST" else None, known)
    if request.method == "POST" and form.is_valid():
        try:
            command_of(request, guest, "preferences")
        except StaleNonce:
            return _page(request, guest, known, form=form)
        set_preference(
            practice_id=guest.practice.pk,
            patient_id=guest.reach.patient_id,
            wishes=form.wishes(),
            by=guest.by,
            now=guest.now,
        )
        return go(guest, "preferences", "saved")
    return _page(request, guest, known, form=form)


@patient_page("visit.quiet", reads=False, writes=True)
def quiet(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Take a wish for a rest, or for silence."""
    known = _known(guest)
    form = QuietForm(request.POST, known, day_of(guest.now, guest.practice.zone))
    try:
        command_of(request, guest, "quiet")
    except StaleNonce:
        return go(guest, "preferences")
    if not form.is_valid():
        return _page(request, guest, known, quiet_form=form)
    set_preference(
        practice_id=guest.practice.pk,
        patient_id=guest.reach.patient_id,
        wishes=form.wishes(),
        by=guest.by,
        now=guest.now,
    )
    return go(guest, "preferences", "quiet")


@patient_page("visit.news", reads=False, writes=True)
def news(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Stop news and offers on every channel."""
    try:
        command_of(request, guest, "news")
    except StaleNonce:
        return go(guest, "preferences")
    opt_out(
        practice_id=guest.practice.pk,
        patient_id=guest.reach.patient_id,
        channel=None,
        scope="marketing",
        how="form",
        said=Said(gettext("Stop news and offers"), NEWS_WORDS, wording.tongue()),
        by=guest.by,
        now=guest.now,
    )
    return go(guest, "preferences", "news")


def _known(guest: Guest) -> Known:
    return Known(preference_of(guest.practice.pk, guest.reach.patient_id), guest.reach)


def _page(
    request: HttpRequest,
    guest: Guest,
    known: Known,
    *,
    form: ReachForm | None = None,
    quiet_form: QuietForm | None = None,
) -> HttpResponse:
    today = day_of(guest.now, guest.practice.zone)
    reach_form, rest = form or ReachForm(None, known), quiet_form or QuietForm(None, known, today)
    wrong = reach_form.errors or rest.errors
    pause = rest.initial["until"]
    context = {
        "form": rest if rest.errors else reach_form,
        "reach_form": reach_form,
        "quiet_form": rest,
        "contacts": presenters.contacts(known.reach, guest.practice.country),
        "ways": presenters.ways(known.reach, guest.practice.country),
        "pause_until": day_words(pause, wording.tongue()) if pause else "",
        "has_stopped_news": ("*", "marketing") in known.reach.opted_out,
        "told": presenters.told(request.GET.get("done", "")),
        "nonce": guest.press("preferences"),
        "quiet_nonce": guest.press("quiet"),
        "news_nonce": guest.press("news"),
        "wrong_nonce": guest.press("wrong_number"),
    }
    return show(request, guest, "preferences.html", context, UNREADABLE if wrong else 200)


@patient_page("visit.wrong_number", reads=False, writes=True)
def wrong_number(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Take it that a number or an address here is not the patient's: nothing goes there from this moment."""
    try:
        command_of(request, guest, "wrong_number")
    except StaleNonce:
        return go(guest, "preferences")
    pressed = request.POST.get("contact", "")
    # A ward's contacts are the guardian's, and known by their own ids: only one that is shown here can be pressed.
    found = next((one for one in guest.reach.contacts if str(one.id) == pressed), None)
    if found is not None:  # pressed twice it is one report
        with suppress(ContactEnded):
            detach_contact(practice_id=guest.practice.pk, contact_id=found.id, by=guest.by, now=guest.now)
    return go(guest, "preferences", "wrong")


@patient_page("visit.held")
def held(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Show what we hold, as much as this link may show: nothing clinical, no full address."""
    talk = conversation_of(guest.practice.pk, guest.reach.patient_id)
    context = {
        "contacts": presenters.contacts(guest.reach, guest.practice.country),
        "visits": len(visits_of(guest.practice.pk, guest.reach.patient_id)),
        "written": sum(piece.kind == "said" for piece in talk.pieces),
        "answered": sum(piece.kind == "answered" for piece in talk.pieces),
    }
    return show(request, guest, "held.html", context)
