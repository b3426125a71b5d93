"""Three free times as a sentence for an answer, in the language of whoever reads it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.translation import ngettext

from glede.catalogue.queries import services
from glede.desk.access import DeskRequest, page
from glede.diary import queries as diary
from glede.inbox.queries import conversation_for
from glede.kernel.words import day_words, time_words
from glede.people.queries import patient_card

AHEAD = frozenset({"booked", "confirmed"})


@page("offer")
def offer(request: DeskRequest, conversation_id: UUID) -> HttpResponse:
    """Return the sentence for an answer, as plain text: the composer puts it where the cursor stands."""
    talk = conversation_for(request.practice.pk, conversation_id)
    if talk is None:
        raise Http404
    return HttpResponse(words_for(request, conversation_id), content_type="text/plain; charset=utf-8")


def words_for(request: DeskRequest, conversation_id: UUID) -> str:
    """Return the three soonest times for what the person comes for, as words to send; "" where none is free.

    For their next visit, else for the first service of the practice. Nothing is held for them.
    """
    talk = conversation_for(request.practice.pk, conversation_id)
    person = patient_card(request.practice.pk, talk.patient_id) if talk else None
    service_id = _service(request, talk.patient_id) if talk else None
    if person is None or service_id is None:
        return ""
    request.look_at(person.person.patient_id)
    offers = diary.three_times(request.practice.pk, service_id, now=request.now).soonest
    return times_words(offers, person.language)


def times_words(offers: Any, language: str) -> str:
    """Return free times in the words of ``language``, each with its weekday, its date and its hour."""
    tongue = "nb" if language[:2] in {"nb", "nn", "no"} else "en"
    told = [f"{day_words(o.day, tongue)} {time_words(o.wall_time, tongue)}" for o in offers]
    if not told:
        return ""
    with translation.override(tongue):
        words = ngettext(
            "This time is free: %(times)s. Does it suit you?",
            "These times are free: %(times)s. Which one suits you?",
            len(told),
        )
        return words % {"times": "; ".join(told)}


def _service(request: DeskRequest, patient_id: UUID) -> UUID | None:
    visits = [v for v in diary.visits_of(request.practice.pk, patient_id) if str(v.state) in AHEAD]
    coming = min((v for v in visits if v.starts_at > request.now), key=lambda v: v.starts_at, default=None)
    if coming is not None and coming.service_id is not None:
        return coming.service_id
    known = [s for s in services(request.practice.pk) if not s.for_new]
    return known[0].id if known else None
