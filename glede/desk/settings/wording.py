"""The words of each message: ours, the practice's own, and how a person would read them."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from glede.channels.sms.accounts import part_price
from glede.desk.access import MANAGERS, OWNERS, DeskRequest, page
from glede.desk.channels.costs import size_words
from glede.desk.diary.history import moment
from glede.desk.outbox.letters import Letter, letter, showing_letters
from glede.desk.settings import forms
from glede.desk.settings.hours import kept
from glede.journeys.document import OCCASIONS, Document, Row, Spot, default
from glede.journeys.examples import preview
from glede.journeys.operations import WordingRefused, problems_of, set_wording
from glede.journeys.queries import wording_in_force, wordings_of
from glede.journeys.wording import Words
from glede.kernel.gsm import for_sms
from glede.practices import queries
from glede.staff.queries import colleague_names

LANGUAGES = {"en": _("in English"), "nb": _("in Norwegian")}
CHANNELS = {"sms": _("text"), "email": _("e-mail")}
STYLES = {"short": _("Short and factual"), "friendly": _("Friendly")}
VARIANTS = {
    "booked": _("booked"),
    "moved_by_patient": _("moved by the patient"),
    "moved_by_practice": _("moved by us"),
    "cancelled_by_practice": _("cancelled by us"),
    "we_run_late": _("we run late"),
    "visit": _("a visit is coming"),
    "done": _("the visit is done"),
    "birthday": _("their birthday"),
    "recall_due": _("they are due again"),
    "silent": _("they were not here for long"),
}
MEANINGS = (
    ("name", _("the person’s first name")),
    ("practice", _("our name")),
    ("link", _("the visit’s page, or our booking page where there is none; our phone where no address is proved")),
    ("phone", _("our phone")),
    ("address", _("our address")),
    ("when", _("the day and the time, with a comma")),
    ("when_at", _("the day and the time, within a sentence")),
    ("today", _("the word “today”, on that day only")),
    ("tomorrow", _("the word “tomorrow”, on the eve only")),
    ("also", _("other visits of that day")),
    ("who", _("whom they meet")),
    ("sender", _("whom they met")),
    ("service", _("what it is")),
    ("minutes", _("how long it takes")),
    ("price", _("what it costs")),
    ("bring", _("what to bring")),
    ("code", _("the receipt code")),
    ("late", _("how many minutes late we are")),
    ("begins", _("when it begins instead")),
    ("stop", _("how to hear no more of it")),
)
FAULTS = {
    "stray_bracket": _("A bracket does not close."),
    "needs": _("Every message says {%(what)s}."),
    "unknown_place": _("There is no place {%(what)s}."),
    "lint": _("No message of ours may say “%(what)s”."),
    "empty": _("Write a subject line"),
    "hard": _("This is hard to read. Make shorter sentences with shorter words, above all here: “%(what)s”"),
}


@dataclass(frozen=True)
class Line:
    """One wording in the list: of which message, by which channel, in which language, and whose words they are."""

    place: str
    name: str
    on: str
    how: str
    is_own: bool


@dataclass(frozen=True)
class Shown:
    """A wording as the example person gets it: a mail, or a text and what that takes."""

    style: str
    letter: Letter | None
    words: str
    parts: str


@dataclass(frozen=True)
class Earlier:
    """One wording this message had before, or our own in between; its number puts it back."""

    number: int
    when: str
    who: str
    short: str
    friendly: str


@page("settings_wording", roles=MANAGERS)
def wording(request: DeskRequest) -> HttpResponse:
    """Show every message that can be worded, and which are in our own words."""
    document, own = wording_in_force(request.practice.pk)
    lines = [_line(row, spot, own) for row in document.rows for spot in _spots(row)]
    context = {"page": "settings", "lines": lines, "own": sum(line.is_own for line in lines)}
    return render(request, "desk/settings/wording.html", context)


def _spots(row: Row) -> list[Spot]:
    return [Spot(row.row, *key) for key in row.wording]


def _line(row: Row, spot: Spot, own: Any) -> Line:
    language = get_language() or "en"
    how = f"{CHANNELS[spot.channel]} {LANGUAGES[spot.language]}"
    return Line(_place(spot), row.name.get(language[:2], row.name["en"]), _on(row, spot), how, spot in own)


def _on(row: Row, spot: Spot) -> str:
    several = len({variant for variant, _language, _channel in row.wording}) > 1
    return str(VARIANTS.get(spot.variant, spot.variant)) if several else ""


def _place(spot: Spot) -> str:
    return ".".join((spot.row, spot.variant, spot.channel, spot.language))


@page("settings_words", roles=MANAGERS, methods=["GET", "POST"])
def words(request: DeskRequest, place: str) -> HttpResponse:
    """Show one wording with ours beside it; try it on a made-up person, keep it, or go back to ours."""
    document, own = wording_in_force(request.practice.pk)
    row, spot = _found(document, place)
    standing, ours = row.wording[spot.variant, spot.language, spot.channel], _ours(spot)
    initial = {"short": standing.short, "friendly": standing.friendly, "subject": standing.subject}
    form = forms.Words(request.POST or None, initial=initial, has_subject=spot.channel == "email")
    faults: list[str] = []
    if request.method == "POST" and (_put_back(request) or form.is_valid()):
        said = _earlier_words(request, spot) if _put_back(request) else Words(**form.cleaned_data)
        if request.POST.get("try") and said:
            faults = _faults(said, spot, row.purpose)
        elif (saved := _save(request, spot, said, form)) is not None:
            return saved
        standing = said or standing
    line = _line(row, spot, own)
    context = {
        "page": "settings",
        "form": form,
        "line": line,
        "ours": ours,
        "language": spot.language,
        "meanings": MEANINGS,
        "shown": _shown(request, standing, spot),
        "faults": faults,
        "earlier": _earlier(request, spot),
        "is_mail": spot.channel == "email",
        "from_row": spot.row if _is_from_row(request) else "",
    }
    refused = form.is_bound and not form.is_valid()
    return showing_letters(render(request, "desk/settings/words.html", context, status=422 if refused else 200))


def _found(document: Document, place: str) -> tuple[Row, Spot]:
    number, variant, channel, language, *_rest = *place.split("."), "", "", ""
    row, spot = document.row(number), Spot(number, variant, language, channel)
    if row is None or (variant, language, channel) not in row.wording:
        raise Http404
    return row, spot


def _ours(spot: Spot) -> Words | None:
    row = default().row(spot.row)
    return row.wording.get((spot.variant, spot.language, spot.channel)) if row else None


def _put_back(request: DeskRequest) -> bool:
    return bool(request.POST.get("ours") or request.POST.get("restore"))


def _earlier_words(request: DeskRequest, spot: Spot) -> Words | None:
    """Return the words that are to stand again; None for ours."""
    asked = request.POST.get("restore", "")
    if not asked:
        return None
    found = [one for one in wordings_of(request.practice.pk, spot) if str(one.number) == asked]
    if not found:
        raise Http404
    return found[0].words


def _earlier(request: DeskRequest, spot: Spot) -> list[Earlier]:
    """Return what the message said before what it says now, the newest first."""
    who, zone = colleague_names(request.practice.pk), request.practice.zone
    return [
        Earlier(
            one.number,
            moment(one.at, zone),
            who.get(one.by, "Glede") if one.by else "Glede",
            one.words.short if one.words else "",
            one.words.friendly if one.words else "",
        )
        for one in wordings_of(request.practice.pk, spot)[1:]
    ]


def _faults(said: Words, spot: Spot, purpose: str) -> list[str]:
    """Return what keeps words from being kept, once each, in words."""
    found = problems_of(said, spot.channel, spot.language, purpose)
    return list(dict.fromkeys(_fault(code) for _style, code in found))


def _save(request: DeskRequest, spot: Spot, said: Words | None, form: forms.Words) -> HttpResponse | None:
    """Keep the words and go to the list; None where they cannot be sent, with what is wrong on the form."""
    given = {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
    try:
        change = set_wording(spot=spot, words=said, **given)
    except WordingRefused as refused:
        for style, code in refused.problems:
            form.add_error(style, _fault(code))
        return None
    words = gettext("Kept. What has not left yet says this now.")
    if _is_from_row(request):
        return kept(request, change, words, "desk:journey_row", spot.row)
    return kept(request, change, words, "desk:settings_wording")


def _is_from_row(request: DeskRequest) -> bool:
    """Return whether the words were opened from the page of their step, which the owner alone has."""
    return request.GET.get("back") == "journey" and request.membership.role in OWNERS


def _fault(code: str) -> str:
    kind, _colon, what = code.partition(":")
    # What is quoted comes last; a hard sentence may hold a colon of its own.
    quoted = what.partition(":")[2] if kind == "hard" else what.rpartition(":")[2]
    return str(FAULTS[kind]) % {"what": quoted}


def _shown(request: DeskRequest, standing: Words, spot: Spot) -> list[Shown]:
    practice = queries.practice_by_id(request.practice.pk)
    found = []
    for style, name in STYLES.items():
        said = preview(
            practice,
            standing,
            style,
            (spot.channel, spot.language),
            now=request.now,
            is_of_a_day=spot.variant in OCCASIONS,
        )
        parts = ""
        if spot.channel == "sms":
            parts = size_words(said.text, part_price(request.practice.pk))
            parts += _changed_signs(standing.of(style))
        mail = letter(practice, said.subject, said.text, spot.language) if spot.channel == "email" else None
        found.append(Shown(str(name), mail, said.text, parts))
    return found


def _changed_signs(text: str) -> str:
    """Return which signs of a text leave as plain ones, because the fine ones would make it dearer."""
    changed = [f"{sign} → {for_sms(sign)}" for sign in dict.fromkeys(text) if for_sms(sign) != sign and sign.strip()]
    return (
        ". " + gettext("Plain signs instead of dear ones: %(signs)s") % {"signs": ", ".join(changed)} if changed else ""
    )
