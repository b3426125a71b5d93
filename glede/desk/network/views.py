"""Where other desks find this house, and the certificate they trust."""

from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render

from glede.desk.access import DeskRequest, page
from glede.desk.network.door import groups
from glede.kernel.fingerprint import fingerprint

CERTIFICATE = "glede-ca.crt"


@page("network")
def network(request: DeskRequest) -> HttpResponse:
    """Show the address for other desks and the fingerprint to compare, or how to open the house to the network."""
    pem = _authority()
    context = {
        "page": "settings",
        "is_open": bool(pem),
        "address": request.build_absolute_uri("/"),
        "names": [name for name in settings.GLEDE_LAN_NAMES if name not in {"localhost", "127.0.0.1", "[::1]"}],
        "fingerprint": groups(fingerprint(pem)) if pem else [],
    }
    return render(request, "desk/network/page.html", context)


@page("network")
def certificate(request: DeskRequest) -> HttpResponse:
    """Hand over the certificate of the authority, to be carried to another desk by hand."""
    pem = _authority()
    if not pem:
        return redirect("desk:network")
    named = {"Content-Disposition": f'attachment; filename="{CERTIFICATE}"'}
    return HttpResponse(pem, "application/x-x509-ca-cert", headers=named)


def _authority() -> str:
    """Return the authority's certificate while the house is open to the network, else ""."""
    path = Path(settings.GLEDE_HOME) / "lan" / "ca.crt"
    return path.read_text(encoding="ascii") if settings.GLEDE_LAN_NAMES and path.exists() else ""
