"""What may be sent to whom, by which way and when: the law in words, and what the practice takes away from it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import EVERYONE, OWNERS, DeskRequest, page
from glede.desk.clockfield import ClockField
from glede.desk.settings.hours import kept
from glede.desk.settings.policy_words import CODES, PURPOSES, hours_of_law, narrowed_words, week_minutes, weekdays
from glede.kernel.clock import day_of
from glede.outbox.operations import narrow_sending
from glede.outbox.policy.book import LIMITS, Edition, Week, edition_for, is_live_allowed
from glede.outbox.policy.hours import frame_for
from glede.outbox.policy.narrowing import BUDGETS, NARROWABLE, Narrowing, read_narrowing, smaller
from glede.outbox.policy.question import Person
from glede.outbox.policy.vocabulary import Channel, Purpose
from glede.outbox.questions import place_of

PREFIX = "purpose_"
SENT, OFF, NEITHER = "", "off", "neither"
WRITTEN = (Channel.SMS.value, Channel.EMAIL.value)
HERE = [
    (SENT, _("sent as the law lets us")),
    (Channel.SMS.value, _("not by text")),
    (Channel.EMAIL.value, _("not by e-mail")),
    (NEITHER, _("neither by text nor by e-mail")),
    (OFF, _("not sent")),
]


@dataclass(frozen=True)
class Line:
    """What the law says of one purpose by text and by e-mail, and what the practice takes away."""

    purpose: str
    text: str
    email: str
    taken_away: str


class Narrowed(forms.Form):
    """What the practice sends less. Every field takes something away: there is none by which more would leave."""

    quiet_days = forms.TypedMultipleChoiceField(
        label=_("Days on which nothing goes but answers and safety"), required=False, coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    marketing_from = ClockField(label=_("What sells goes from"), required=False)
    marketing_to = ClockField(label=_("What sells goes until"), required=False)
    texts_in_7_days = forms.TypedChoiceField(label=_("Texts to a person in 7 days, at most"), coerce=int)
    marketing_in_30_days = forms.TypedChoiceField(
        label=_("Messages that sell to a person in 30 days, at most"), coerce=int
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in NARROWABLE:
            label = str(capfirst(PURPOSES[one]))
            self.fields[PREFIX + one] = forms.ChoiceField(label=label, choices=HERE, required=False)
        self._choose("quiet_days", weekdays())
        for name in BUDGETS:
            self._choose(name, [(n, str(n)) for n in range(getattr(LIMITS, name) + 1)])

    def clean(self) -> dict[str, Any]:
        """Return the fields; hours go forward, and one day of the week is left."""
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("marketing_from"), cleaned.get("marketing_to")
        if begins and ends and begins >= ends:
            self.add_error("marketing_to", _("Write an hour after the first one"))
        if len(cleaned.get("quiet_days") or ()) == len(weekdays()):
            self.add_error("quiet_days", _("Leave at least one day"))
        return cleaned

    def narrowed(self) -> dict[str, Any]:
        """Return what is taken away, as ``narrow_sending`` takes it."""
        said = self.cleaned_data
        here = {purpose: said[PREFIX + purpose] for purpose in NARROWABLE}
        return Narrowing(
            off=frozenset(purpose for purpose, choice in here.items() if choice == OFF),
            ways=frozenset((purpose, way) for purpose, choice in here.items() for way in _ways(choice)),
            quiet_days=frozenset(said["quiet_days"]),
            marketing_from=said["marketing_from"],
            marketing_to=said["marketing_to"],
            **{name: said[name] for name in BUDGETS if self._is_less(name)},
        ).as_json()

    @property
    def purposes(self) -> list[forms.BoundField]:
        """What is chosen for each purpose."""
        return [self[PREFIX + purpose] for purpose in NARROWABLE]

    @property
    def others(self) -> list[forms.BoundField]:
        """Days, hours and budgets."""
        return [self[name] for name in ("quiet_days", "marketing_from", "marketing_to", *BUDGETS)]

    def _is_less(self, name: str) -> bool:
        return bool(self.cleaned_data[name] < getattr(LIMITS, name))

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


def _ways(choice: str) -> tuple[str, ...]:
    """Return the ways that a choice closes."""
    return WRITTEN if choice == NEITHER else (choice,) if choice in WRITTEN else ()


@page("settings_policy", roles=EVERYONE)
def policy(request: DeskRequest) -> HttpResponse:
    """Show what may be sent, its ground in law, and what the practice takes away; the owner changes that here."""
    return _show(request, Narrowed(initial=_initial(_standing(request))))


@page("settings_policy_narrow", roles=OWNERS, methods=["POST"])
def narrow(request: DeskRequest) -> HttpResponse:
    """Keep what the practice takes away."""
    form = Narrowed(request.POST)
    if not form.is_valid():
        return _show(request, form)
    given = {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
    change = narrow_sending(narrowed=form.narrowed(), **given)
    return kept(request, change, gettext("Kept. It holds from the next message on."), "desk:settings_policy")


def _standing(request: DeskRequest) -> Narrowing:
    return read_narrowing(request.practice.narrowed)


def _initial(narrowing: Narrowing) -> dict[str, Any]:
    closed = dict(narrowing.ways)
    closed |= {purpose: NEITHER for purpose in closed if {(purpose, way) for way in WRITTEN} <= narrowing.ways}
    closed |= dict.fromkeys(narrowing.off, OFF)
    ours = {name: getattr(LIMITS, name) for name in BUDGETS}
    own = {name: getattr(narrowing, name) for name in ours}
    return {
        "quiet_days": list(narrowing.quiet_days),
        "marketing_from": narrowing.marketing_from,
        "marketing_to": narrowing.marketing_to,
        **{PREFIX + purpose: choice for purpose, choice in closed.items()},
        **{name: smaller(most, own[name]) for name, most in ours.items()},
    }


def _show(request: DeskRequest, form: Narrowed) -> HttpResponse:
    practice, standing = request.practice, _standing(request)
    edition = edition_for(practice.country, day_of(request.now, practice.zone))
    context = {
        "page": "settings",
        "form": form,
        "is_owner": request.membership.role in OWNERS,
        "edition": edition,
        "reviewer": gettext(edition.reviewer),
        "has_rules": is_live_allowed(practice.country),
        "lines": [_line(edition, purpose, standing) for purpose in Purpose],
        "calls": CODES[edition.overlays["call"]],
        "letters": CODES[edition.overlays["letter"]],
        "hours": [hours_of_law(hours) for hours in edition.hours],
        "selling_week": week_minutes(selling_week(request.practice, edition)),
        "limits": LIMITS,
        "narrowed": narrowed_words(practice.narrowed),
        "honour_days": edition.honour_within.days,
    }
    return render(request, "desk/settings/policy.html", context, status=422 if form.is_bound else 200)


def selling_week(practice: Any, edition: Edition) -> Week:
    """Return the practice's own week for what sells, with all it takes away."""
    person, place = Person(zone=practice.zone), place_of(practice)
    return frame_for(edition, Channel.EMAIL, person, place, is_marketing=True).practice


def _line(edition: Edition, purpose: Purpose, standing: Narrowing) -> Line:
    if purpose in standing.off:
        taken = gettext("not sent")
    else:
        closed = {channel for off, channel in standing.ways if off == purpose}
        named = (("sms", gettext("not by text")), ("email", gettext("not by e-mail")))
        taken = ", ".join(words for channel, words in named if channel in closed)
    by = [CODES[edition.code(purpose, group)] for group in ("text", "email")]
    return Line(str(capfirst(PURPOSES[purpose])), str(by[0]), str(by[1]), taken)
