"""Bringing a list of people in: refusals honoured, wishes taken once, and nothing set here is overwritten."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from glede.kernel.actor import IMPORT
from glede.ledger.queries import last_seq, verify
from glede.people import operations, queries
from glede.people.lists.opening import open_sheet
from glede.people.lists.people import read_people
from glede.people.lists.values import Brought
from glede.people.rules.fields import Value
from glede.people.values import ConsentForm, Wishes
from tests.cast import MORNING, House

pytestmark = pytest.mark.django_db

LATER = MORNING + timedelta(minutes=5)
LIST = (
    "id,given_name,family_name,phone,email,no_sms,no_marketing,channel,deceased,guardian_id,notes,city,last_visit\n"
    "N1,Nina,Øst,400 00 301,n@example.org,x,,email,,,Liker kaffe,Moss,\n"
    "N2,Ole,Øst,,o@example.org,,ja,,,N1,,Moss,\n"
    "N3,Liv,Vest,400 00 303,,,,call,2025-03-01,,,,\n"
    "N4,Odd,Lie,12,no,,,,,N9,,,\n"
    "N1,Nina,Twice,,,,,,,,,,\n"
    ",,,,,,,,,,,Oslo,\n"
)


def bring(house: House, text: str = LIST) -> Brought:
    """Bring a list in as it was typed."""
    sheet = open_sheet(text.encode())
    read = read_people(sheet, today=date(2026, 11, 24))
    return operations.bring_people(practice_id=house.id, read=read, rows=len(sheet.rows), by=IMPORT, now=LATER)


def counts(brought: Brought) -> tuple[int, ...]:
    return brought.created, brought.updated, brought.unchanged, brought.duplicates, brought.rejected


def test_every_row_is_counted_once_and_told(solberg: House) -> None:
    brought = bring(solberg)
    assert counts(brought) == (4, 0, 0, 1, 1)
    assert brought.read == sum(counts(brought)) == 6
    assert brought.not_kept == ("last_visit",)
    assert [(f.row, f.field, f.reason) for f in brought.findings] == [
        (5, "email", "unreadable"), (5, "guardian_id", "unknown"), (5, "phone", "unreadable"),
    ]  # fmt: skip
    assert verify(solberg.id).ok


def test_the_same_list_again_changes_nothing(solberg: House) -> None:
    bring(solberg)
    before = queries.count_patients(solberg.id)
    seq = last_seq(solberg.id)
    again = bring(solberg)
    assert counts(again) == (0, 0, 4, 1, 1)
    assert queries.count_patients(solberg.id) == before
    assert last_seq(solberg.id) == seq + 1, "one event says that a list was brought"


def test_refusals_wishes_notes_guardians_and_the_dead_are_taken_over(solberg: House) -> None:
    bring(solberg)
    ids = queries.patients_by_external_id(solberg.id, ["N1", "N2", "N3"])
    reach = queries.reach(solberg.id, ids.values())
    nina, ole, liv = (reach[ids[name]] for name in ("N1", "N2", "N3"))
    assert ("sms", "all") in nina.opted_out
    assert nina.channels == ("email",)
    assert ole.guardian_id == ids["N1"]
    assert liv.deceased
    card = queries.patient_card(solberg.id, ids["N1"])
    assert card is not None
    assert [note.words for note in card.notes] == ["Liker kaffe"]


def test_what_a_colleague_or_the_person_set_here_stays(solberg: House) -> None:
    bring(solberg)
    nina = queries.patients_by_external_id(solberg.id, ["N1"])["N1"]
    own = {"practice_id": solberg.id, "patient_id": nina, "by": solberg.by("ingrid"), "now": LATER}
    operations.change_patient(fields={"family_name": "Lie"}, **own)  # type: ignore[arg-type]
    operations.set_preference(wishes=Wishes(channels=("call",)), **own)  # type: ignore[arg-type]
    brought = bring(solberg, LIST.replace("Øst,400 00 301", "Vest,400 00 302"))
    assert counts(brought)[:3] == (0, 1, 3)
    kept = [(f.row, f.field) for f in brought.findings if f.reason == "kept_ours"]
    assert kept == [(2, "channel"), (2, "family_name")]
    reach = queries.reach(solberg.id, [nina])[nina]
    assert (reach.family_name, reach.channels) == ("Lie", ("call",))
    assert "+4740000302" in {contact.address for contact in reach.contacts}


def test_who_allowed_it_here_is_not_refused_again_by_the_same_list(solberg: House) -> None:
    bring(solberg)
    nina = queries.patients_by_external_id(solberg.id, ["N1"])["N1"]
    operations.record_consent(
        practice_id=solberg.id,
        patient_id=nina,
        consent=ConsentForm("grant", "all", "sms"),
        by=solberg.by("ingrid"),
        now=LATER + timedelta(minutes=1),
    )
    assert ("sms", "all") not in queries.reach(solberg.id, [nina])[nina].opted_out
    bring(solberg)
    assert ("sms", "all") not in queries.reach(solberg.id, [nina])[nina].opted_out


def test_somebody_called_dead_without_a_day_died_today_and_only_once(solberg: House) -> None:
    text = "id,given_name,deceased\nN7,Ola,ja\n"
    assert counts(bring(solberg, text)) == (1, 0, 0, 0, 0)
    assert counts(bring(solberg, text)) == (0, 0, 1, 0, 0)
    card = queries.patient_card(solberg.id, queries.patients_by_external_id(solberg.id, ["N7"])["N7"])
    assert card is not None
    assert card.deceased_on == date(2026, 11, 24)


def test_corrected_rejects_come_in_and_keep_their_people(solberg: House) -> None:
    bring(solberg)
    assert counts(bring(solberg, LIST.replace(",,,,,,,,,,,Oslo", "N9,Eva,,,,,,,,,,Oslo"))) == (1, 1, 3, 1, 0)
    ids = queries.patients_by_external_id(solberg.id, ["N4", "N9"])
    assert queries.reach(solberg.id, [ids["N4"]])[ids["N4"]].guardian_id == ids["N9"]


def test_where_letters_go_is_kept_and_a_colleagues_word_goes_before_the_list(solberg: House) -> None:
    listed = "id,name,street_number,address,address_2,postnr,poststed\nN5,Pia Berg,6,Elvegata,Bakgården,1531,Moss\n"
    bring(solberg, listed)
    pia = queries.patients_by_external_id(solberg.id, ["N5"])["N5"]
    assert _address(solberg, pia) == ("6 Elvegata, Bakgården", "1531", "Moss")
    moved: dict[str, Value] = {"street": "Torggata 2", "postcode": "0181", "city": "Oslo"}
    operations.change_patient(
        practice_id=solberg.id, patient_id=pia, fields=moved, by=solberg.by("ingrid"), now=LATER + timedelta(minutes=1)
    )
    bring(solberg, listed)
    assert _address(solberg, pia) == ("Torggata 2", "0181", "Oslo")


def _address(house: House, patient_id: UUID) -> tuple[str, str, str]:
    card = queries.patient_card(house.id, patient_id)
    assert card is not None
    return card.street, card.postcode, card.city
