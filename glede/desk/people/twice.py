"""Two who may be one person, side by side: one key says which."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import DeskRequest, page
from glede.desk.diary.history import STATES, moment
from glede.desk.diary.times import read_uuid
from glede.diary import queries as diary
from glede.kernel.contact import phone_words
from glede.people import operations as people
from glede.people import queries
from glede.people.queries.likeness import Alike
from glede.people.tasks import compare
from glede.people.values import PatientCard
from glede.ui import undo

AT_ONCE = 3_000  # people compared while a colleague waits: a second or two; more is background work
LATEST_VISITS = 3

FOR_ONE: dict[str, Promise] = {
    "same_name": _("the same name"),
    "names_swapped": _("first and last name exchanged"),
    "one_name_swapped": _("one name in the other’s place"),
    "same_first_name": _("the same first name"),
    "same_last_name": _("the same last name"),
    "first_name_sounds_alike": _("first names that sound alike or stand for each other"),
    "last_name_sounds_alike": _("last names that sound alike"),
    "first_name_mistyped": _("a first name mistyped"),
    "last_name_mistyped": _("a last name mistyped"),
    "same_birth_date": _("the same birth date"),
    "birth_date_near": _("a birth date one digit off"),
    "birth_date_swapped": _("a birth date with day and month exchanged"),
    "same_phone": _("the same phone number"),
    "same_email": _("the same e-mail address"),
    "email_mistyped": _("an e-mail address mistyped"),
    "same_address": _("the same address"),
    "address_alike": _("an address much like it"),
    "same_street": _("the same street"),
    "same_town": _("the same town"),
}
FOR_TWO: dict[str, Promise] = {
    "other_first_name": _("another first name"),
    "other_last_name": _("another last name"),
    "other_birth_date": _("another birth date"),
    "a_generation_apart": _("birth dates a generation apart"),
}


@page("twice")
def twice(request: DeskRequest) -> HttpResponse:
    """Show the likeliest pair that waits, with all that tells whether they are one."""
    found = queries.next_alike(request.practice.pk, now=request.now)
    counted = queries.count_alike(request.practice.pk, now=request.now)
    context: dict[str, Any] = {
        "page": "people",
        "waiting": counted.waiting,
        "compared": moment(counted.compared_at, request.practice.zone) if counted.compared_at else "",
    }
    if found is not None:
        context |= _beside(request, found)
    return render(request, "desk/people/twice.html", context)


def _beside(request: DeskRequest, found: Alike) -> dict[str, Any]:
    keys = (found.second, found.first) if request.GET.get("stays") == "second" else (found.first, found.second)
    cards = [card for card in (queries.patient_card(request.practice.pk, key) for key in keys) if card is not None]
    request.look_at(*keys)
    visits = [_visits(request, key) for key in keys]
    return {
        "pair": found,
        "stays_second": keys[0] == found.second,
        "cards": cards,
        "rows": [
            *_facts(request, cards),
            (gettext("Visits"), visits),
        ],
        "for_one": [FOR_ONE[reason] for reason in found.reasons if reason in FOR_ONE],
        "for_two": [FOR_TWO[reason] for reason in found.reasons if reason in FOR_TWO],
    }


def _facts(request: DeskRequest, cards: list[PatientCard]) -> list[tuple[str, list[list[str]]]]:
    """Return each thing known of either: what it is called, and what it says of both."""
    told: dict[str, list[list[str]]] = {
        gettext("Birth date"): [_some(_day(card.person.birth_date)) for card in cards],
        gettext("Phone"): [_contacts(card, "phone", request.practice.country) for card in cards],
        gettext("E-mail"): [_contacts(card, "email", request.practice.country) for card in cards],
        gettext("Address"): [_some(card.street, f"{card.postcode} {card.city}".strip()) for card in cards],
        gettext("Number in the list"): [_some(card.external_id) for card in cards],
        gettext("With us since"): [_some(_day(card.known_since)) for card in cards],
        gettext("Guardian"): [_some(card.guardian.name if card.guardian else "") for card in cards],
        gettext("What matters"): [[line.words for lines in card.words.values() for line in lines] for card in cards],
        gettext("Notes"): [[note.words for note in card.notes[:LATEST_VISITS]] for card in cards],
    }
    return [(name, both) for name, both in told.items() if any(both)]


def _some(*words: str) -> list[str]:
    return [word for word in words if word]


def _day(day: Any) -> str:
    return date_format(day) if day else ""


def _contacts(card: PatientCard, kind: str, country: str) -> list[str]:
    mine = [contact for contact in card.reach.contacts if contact.kind == kind]
    return [phone_words(contact.address, country) if kind == "phone" else contact.address for contact in mine]


def _visits(request: DeskRequest, patient_id: UUID) -> list[str]:
    seen = diary.visits_of(request.practice.pk, patient_id)[:LATEST_VISITS]
    return [f"{moment(v.starts_at, request.practice.zone)}: {STATES.get(str(v.state), v.state)}" for v in seen]


@page("twice_answer", methods=["POST"])
def answer(request: DeskRequest) -> HttpResponse:
    """Take a colleague's word about two people, and go on to the next two."""
    keep, other = read_uuid(request.POST.get("keep", "")), read_uuid(request.POST.get("other", ""))
    act = ANSWERS.get(request.POST.get("answer", ""))
    if keep is None or other is None or act is None:
        raise Http404
    try:
        act(request, keep, other)
    except people.NoSuchPatient:
        messages.error(request, gettext("One of them was forgotten in the meantime."))
    except people.CannotMerge:
        messages.error(request, gettext("They cannot be joined: they are one already, or one answers for the other."))
    return redirect("desk:twice")


def _same(request: DeskRequest, keep: UUID, other: UUID) -> None:
    people.merge_patients(practice_id=request.practice.pk, keep_id=keep, merge_id=other, by=request.by, now=request.now)
    undo.offer(request, gettext("They are one person from now on."), reverse("desk:twice_part", args=[other]))


def _two(request: DeskRequest, keep: UUID, other: UUID) -> None:
    people.tell_apart(practice_id=request.practice.pk, one_id=keep, other_id=other, by=request.by, now=request.now)
    words = gettext("They are two people. Nobody is asked again.")
    undo.offer(request, words, reverse("desk:twice_reconsider", args=[keep, other]))


def _later(request: DeskRequest, keep: UUID, other: UUID) -> None:
    people.put_off_pair(request.practice.pk, keep, other, now=request.now)
    messages.success(request, gettext("Asked again in a month."))


ANSWERS = {"same": _same, "two": _two, "later": _later}


@page("twice_part", methods=["POST"])
def part(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Take back that somebody is somebody else."""
    try:
        people.unmerge_patient(practice_id=request.practice.pk, patient_id=patient_id, by=request.by, now=request.now)
    except people.NoSuchPatient:
        raise Http404 from None
    messages.success(request, gettext("They are two again, each as they were."))
    return redirect("desk:twice")


@page("twice_reconsider", methods=["POST"])
def reconsider(request: DeskRequest, one_id: UUID, other_id: UUID) -> HttpResponse:
    """Take back that two people are two."""
    try:
        people.reconsider(
            practice_id=request.practice.pk, one_id=one_id, other_id=other_id, by=request.by, now=request.now
        )
    except people.NoSuchPatient:
        raise Http404 from None
    return redirect("desk:twice")


@page("twice_compare", methods=["POST"])
def compare_now(request: DeskRequest) -> HttpResponse:
    """Compare everybody now; where they are many, beside the work."""
    if queries.count_patients(request.practice.pk) <= AT_ONCE:
        people.note_likenesses(request.practice.pk, now=request.now)
        messages.success(request, gettext("Everybody was compared."))
    else:
        compare.defer(practice_id=str(request.practice.pk))
        messages.success(request, gettext("Everybody is being compared. Look again in a minute."))
    return redirect("desk:twice")
