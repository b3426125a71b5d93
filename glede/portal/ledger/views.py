"""What happened to this booking: every event in plain words, whether it verifies, and the receipt as a file."""

from django.http import HttpRequest, HttpResponse

from glede.kernel.ref import Ref
from glede.ledger.receipts import Receipt, receipt_of
from glede.portal.diary.presenters import visit_page
from glede.portal.gate import Guest, patient_page, show
from glede.portal.ledger import presenters


@patient_page("visit.history")
def history(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Show everything that happened to the visit."""
    page = presenters.history_page(_receipt(guest), guest.visit.zone)
    visit = visit_page(guest.visit, guest.practice.currency, guest.now)
    return show(request, guest, "history.html", {"page": visit, "history": page})


@patient_page("visit.receipt")
def receipt(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Give the receipt as a file. It holds no name and no code: who checks it learns times and ids."""
    facts = presenters.receipt_file(_receipt(guest), guest.practice.pk, guest.visit.appointment_id)
    response = HttpResponse(facts, content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="receipt.json"'
    return response


def _receipt(guest: Guest) -> Receipt:
    return receipt_of(guest.practice.pk, Ref("appointment", guest.visit.appointment_id))
