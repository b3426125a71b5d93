"""What a colleague does with words from an unknown number: say whose they are, or that they are not for us."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from glede.desk.access import DeskRequest, page
from glede.desk.today.placing import close_words, placed
from glede.inbox import operations as inbox


@page("place_stray", methods=["POST"])
def place(request: DeskRequest, stray_id: UUID) -> HttpResponse:
    """Put the words into the conversation of who wrote them, and open that person."""
    return placed(request, inbox.place_stray, stray_id=stray_id, keeps_number=bool(request.POST.get("keep")))


@page("close_stray", methods=["POST"])
def close(request: DeskRequest, stray_id: UUID) -> HttpResponse:
    """Close words that were not meant for us."""
    close_words(request, inbox.close_stray, stray_id=stray_id)
    messages.success(request, gettext("Closed."))
    return redirect("desk:today")
