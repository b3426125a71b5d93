"""The practice's public address, tried out for a colleague: a word of this house is asked for under it."""

from django.contrib import messages
from django.utils.translation import gettext

from glede.desk.access import DeskRequest
from glede.practices.address import leads_here
from glede.practices.operations import note_address


def prove_address(request: DeskRequest, base: str) -> bool:
    """Ask ``base`` for a word of this house, keep and return whether it led here; where not, the page says so."""
    found = leads_here(base)
    note_address(practice_id=request.practice.pk, url=base, leads_here=found, by=request.by, now=request.now)
    if not found:
        words = gettext("%(base)s does not lead here, so messages carry the phone number. Ask whoever runs it.")
        messages.error(request, words % {"base": base})
    return found
