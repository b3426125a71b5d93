"""The scenes of what people are asked, and of numbers that turn out to be somebody else's."""

from glede.people.operations import Answer, note_format
from glede.people.queries import reach
from tests.estate import Estate
from tests.scenery import Scene, given, patient


def _address(estate: Estate) -> str:
    person = reach(estate.house.id, [estate.ids["patient_id"]])[estate.ids["patient_id"]]
    return person.contacts[0].address


def _has_a_format(estate: Estate) -> None:
    note_format(**patient(estate, code="large_print"), **given(estate))


ASKING = {
    "people.note_format": Scene(lambda e: patient(e, code="no_texts")),
    "people.review_formats": Scene(patient, before=_has_a_format),
    "people.answer_question": Scene(
        lambda e: patient(e, visit_id=e.ids["appointment_id"], answer=Answer("want", "Se ballen"))
    ),
    "people.detach_contact": Scene(lambda e: {"contact_id": e.ids["contact_id"]}),
    "people.detach_address": Scene(lambda e: patient(e, address=_address(e))),
}
