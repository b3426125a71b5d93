"""How addresses came to the practice: said once, kept for each person, and permitting nothing."""

from datetime import timedelta

import pytest

from glede.kernel.ref import Ref
from glede.ledger import queries as ledger
from glede.people import operations as people
from glede.people import queries
from glede.people.values import PersonForm
from tests.cast import House

WORDING = "They gave them to us when they booked."


def record(house: House, origin: str = "asked") -> int:
    return people.record_origin(
        practice_id=house.id, origin=origin, wording=WORDING, by=house.by("sofie"), now=house.now
    )


def test_each_person_with_an_address_gets_one_event(solberg: House) -> None:
    reached = queries.reach(solberg.id, list(solberg.people.values()))
    with_address = {patient_id for patient_id, one in reached.items() if one.contacts}
    assert queries.count_without_origin(solberg.id) == len(with_address) == 1
    assert record(solberg) == len(with_address)
    for patient_id in with_address:
        newest = queries.consent_history(solberg.id, patient_id)[0]
        assert (newest.action, newest.purpose, newest.wording_text) == ("import", "contact", WORDING)
        assert ledger.events_of(solberg.id, Ref("patient", patient_id))[-1].kind == "people.consent.given"
    assert ledger.verify(solberg.id).ok


def test_said_again_it_adds_only_who_came_since(solberg: House) -> None:
    record(solberg)
    assert record(solberg) == 0
    form = PersonForm(given_name="Nina", emails=("nina@example.org",))
    people.add_patient(practice_id=solberg.id, person=form, by=solberg.by("ingrid"), now=solberg.now)
    assert queries.count_without_origin(solberg.id) == 1
    assert record(solberg, "old_system") == 1


def test_it_permits_nothing_and_refuses_nothing(solberg: House) -> None:
    kari = solberg.people["kari"]
    before = queries.reach(solberg.id, [kari])[kari]
    record(solberg)
    after = queries.reach(solberg.id, [kari])[kari]
    assert (after.consents, after.opted_out) == (before.consents, before.opted_out)


def test_somebody_who_said_stop_stays_stopped(solberg: House) -> None:
    kari, later = solberg.people["kari"], solberg.now + timedelta(hours=1)
    people.opt_out(
        practice_id=solberg.id, patient_id=kari, channel=None, scope="all", how="phone", by=solberg.by("ingrid"),
        now=solberg.now,
    )  # fmt: skip
    refused = queries.reach(solberg.id, [kari])[kari].opted_out
    people.record_origin(practice_id=solberg.id, origin="asked", wording=WORDING, by=solberg.by("sofie"), now=later)
    assert queries.reach(solberg.id, [kari])[kari].opted_out == refused


def test_an_unknown_answer_is_refused(solberg: House) -> None:
    with pytest.raises(ValueError, match="no origin"):
        record(solberg, "found_them")


def test_the_other_practice_is_not_asked(solberg: House) -> None:
    from tests.cast import open_nordlys

    other = open_nordlys()
    before = queries.count_without_origin(other.id)
    record(solberg)
    assert queries.count_without_origin(other.id) == before
