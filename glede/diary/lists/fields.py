"""The fields of a list of visits, and what they may be called by whoever made it."""

from typing import Final

from glede.diary.rules import State
from glede.people.lists.columns import Words

FIELDS: Final[Words] = {
    "id": ("id", "appointmentid", "appointmentno", "bookingid", "visitid", "avtaleid", "avtalenr", "timeid", "timenr"),
    "person": (
        "personid", "patientid", "patientno", "patient", "customerid", "customerno", "customer", "clientid", "kundenr",
        "kundenummer", "kundeid", "kunde", "pasientnr", "pasientid", "pasient",
    ),
    "name": (
        "fullname", "patientname", "customername", "clientname", "personname", "navn", "fulltnavn", "kundenavn",
        "pasientnavn",
    ),
    "start": (
        "starttime", "startsat", "startat", "starttid", "datetime", "appointmentdatetime", "appointmenttime",
        "appointmentday", "appointmentdate", "tidspunkt", "datotid", "visitdate",
    ),
    "date": ("day", "dato", "dag"),
    "time": ("klokkeslett", "klokka", "kl", "tid", "fra", "from"),
    "minutes": ("duration", "durationminutes", "length", "minutter", "varighet", "min"),
    "service": ("type", "appointmenttype", "tjeneste", "behandling", "timetype", "avtaletype"),
    "clinician": ("practitioner", "provider", "optician", "optometrist", "doctor", "optiker", "behandler"),
    "status": ("state", "tilstand"),
    "booked_at": ("booked", "bookedon", "bookingdate", "createdat", "created", "bestilt", "opprettet"),
}  # fmt: skip
"""What a field may be called by whoever made the list; its own name needs no mention."""

STATES: Final[dict[str, State]] = {
    **dict.fromkeys(
        ("booked", "scheduled", "planned", "open", "new", "bestilt", "booket", "planlagt", "ny"), State.BOOKED
    ),
    **dict.fromkeys(("confirmed", "bekreftet"), State.CONFIRMED),
    **dict.fromkeys(
        (
            "done", "completed", "complete", "fulfilled", "attended", "finished", "utfort", "ferdig", "gjennomfort",
            "mott",
        ),
        State.DONE,
    ),
    **dict.fromkeys(("missed", "noshow", "didnotattend", "dna", "ikkemott", "uteble", "uteblitt"), State.MISSED),
    **dict.fromkeys(
        ("cancelled", "canceled", "avbestilt", "avlyst", "kansellert", "slettet", "deleted"), State.CANCELLED
    ),
}  # fmt: skip
"""What a list calls where a visit stands, in small letters and digits alone."""
