"""Many people from a list: quick, repeatable, and never against what was set here."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from glede.kernel.actor import IMPORT, SYSTEM
from glede.kernel.ref import Ref
from glede.ledger import queries as ledger
from glede.people import operations as people
from glede.people import queries
from glede.people.models import ContactPoint
from glede.people.values import BroughtIn, ContactForm, PersonForm, Remark, Wishes
from glede.practices import scope
from tests.cast import KARI, MORNING, House

LATER = MORNING + timedelta(minutes=5)
NINA = PersonForm(
    given_name="Nina", family_name="Øst", external_id="L-1", phones=("400 00 301",), emails=("n@example.org",)
)
OLE = PersonForm(given_name="Ole", external_id="L-2", phones=("400 00 302",))


def bring(house: House, *rows: PersonForm) -> BroughtIn:
    return people.add_patients(practice_id=house.id, rows=rows, by=IMPORT, now=LATER)


def counts(result: BroughtIn) -> tuple[int, int, int, int]:
    return result.added, result.changed, result.unchanged, result.refused


def addresses(house: House, patient_id: Any) -> set[str]:
    with scope.transaction(house.id):
        return {c.address for c in ContactPoint.objects.filter(patient_id=patient_id, ended_at=None)}


def test_people_come_in_with_one_event_each_and_one_for_the_list(solberg: House) -> None:
    before = ledger.last_seq(solberg.id)
    result = bring(solberg, NINA, OLE)
    assert counts(result) == (2, 0, 0, 0)
    assert [h.kind for h in ledger.events(solberg.id, after_seq=before)] == ["people.patient.added"] * 2 + [
        "people.list.brought"
    ]
    assert queries.patients_by_external_id(solberg.id, ["L-1"]) == {"L-1": result.ids[0]}
    assert [f.patient_id for f in queries.search(solberg.id, "ost nina")] == [result.ids[0]]
    assert ledger.verify(solberg.id).ok


def test_the_same_list_again_changes_nothing(solberg: House) -> None:
    first = bring(solberg, NINA, OLE)
    again = bring(solberg, NINA, OLE)
    assert counts(again) == (0, 0, 2, 0)
    assert again.ids == first.ids


def test_a_newer_list_changes_what_a_list_brought(solberg: House) -> None:
    (nina,) = bring(solberg, NINA).ids
    assert counts(bring(solberg, replace(NINA, family_name="Vest", phones=("400 00 399",)))) == (0, 1, 0, 0)
    assert addresses(solberg, nina) == {"+4740000399", "n@example.org"}
    assert queries.search(solberg.id, "nina vest")
    assert not queries.search(solberg.id, "400 00 301")


def test_a_list_never_overwrites_what_was_set_here(solberg: House) -> None:
    (nina,) = bring(solberg, NINA).ids
    assert nina is not None
    own: dict[str, Any] = {"practice_id": solberg.id, "by": solberg.by("ingrid"), "now": LATER}
    people.change_patient(patient_id=nina, fields={"family_name": "Lie"}, **own)
    with scope.transaction(solberg.id):
        phone = ContactPoint.objects.get(patient_id=nina, kind="phone")
    people.add_contact(patient_id=nina, contact=ContactForm("phone", "400 00 333", replaces=phone.pk), **own)
    result = bring(solberg, NINA)
    assert counts(result) == (0, 0, 1, 0)
    assert result.remarks == (Remark(0, "family_name", "kept_ours"),)
    assert addresses(solberg, nina) == {"+4740000333", "n@example.org"}


def test_somebody_added_by_a_colleague_keeps_every_field(solberg: House) -> None:
    form = replace(NINA, external_id="L-9")
    people.add_patient(practice_id=solberg.id, person=form, by=solberg.by("ingrid"), now=LATER)
    result = bring(solberg, replace(form, given_name="NINA", known_since=MORNING.date()))
    assert counts(result) == (0, 1, 0, 0)
    assert Remark(0, "given_name", "kept_ours") in result.remarks


def test_unreadable_rows_are_told_and_the_counts_add_up(solberg: House) -> None:
    rows = (PersonForm(), replace(OLE, phones=("12", "400 00 302")), PersonForm(given_name="Noor", emails=("no",)))
    result = bring(solberg, *rows)
    assert counts(result) == (2, 0, 0, 1)
    assert sum(counts(result)) == len(rows) == len(result.ids)
    assert result.ids[0] is None
    assert set(result.remarks) == {
        Remark(0, "", "nobody_named"),
        Remark(1, "phone", "unreadable"),
        Remark(2, "email", "unreadable"),
    }


def test_a_number_twice_in_one_list_is_one_person(solberg: House) -> None:
    result = bring(solberg, NINA, replace(NINA, family_name="Vest"), OLE)
    assert counts(result) == (2, 1, 0, 0)
    assert result.ids[0] == result.ids[1] != result.ids[2]


def test_a_list_longer_than_a_transaction_comes_in_whole(solberg: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glede.people.operations.bulk.PEOPLE_A_TRANSACTION", 7)
    rows = [replace(OLE, external_id=f"M-{n}", phones=(f"400 01 {n:03d}",)) for n in range(20)]
    assert counts(bring(solberg, *rows)) == (20, 0, 0, 0)
    assert queries.count_patients(solberg.id) == 21


class TestErasing:
    def erase(self, house: House, patient_id: Any) -> None:
        people.erase_patient(
            practice_id=house.id, patient_id=patient_id, reason="asked", by=house.by("sofie"), now=LATER
        )

    def test_no_row_of_the_room_shows_the_person_any_more(self, solberg: House) -> None:
        kari = solberg.people["kari"]
        self.erase(solberg, kari)
        card = queries.patient_card(solberg.id, kari)
        assert card is not None
        assert card.is_erased
        assert "Kari" not in str(card)
        assert not queries.search(solberg.id, "kari")
        assert queries.patients_page(solberg.id).rows == ()
        assert ledger.events_of(solberg.id, Ref("patient", kari))[-1].kind == "people.patient.erased"
        assert ledger.version_of(solberg.id, Ref("patient", kari)) == 2
        assert ledger.verify(solberg.id).ok

    def test_nothing_can_be_done_to_who_was_forgotten(self, solberg: House) -> None:
        self.erase(solberg, solberg.people["kari"])
        with pytest.raises(people.NoSuchPatient):
            self.erase(solberg, solberg.people["kari"])

    def test_a_refusal_outlives_the_person(self, solberg: House) -> None:
        own: dict[str, Any] = {"practice_id": solberg.id, "patient_id": solberg.people["kari"], "now": LATER}
        people.opt_out(channel="sms", scope="all", how="sms", by=solberg.by("kari"), **own)
        self.erase(solberg, solberg.people["kari"])
        again = people.add_patient(
            practice_id=solberg.id, person=replace(KARI, external_id=""), by=SYSTEM, now=LATER
        ).pk
        assert ("sms", "all") in queries.reach(solberg.id, [again])[again].opted_out

    def test_a_list_does_not_bring_back_who_was_forgotten(self, solberg: House) -> None:
        self.erase(solberg, solberg.people["kari"])
        result = bring(solberg, KARI)
        assert counts(result) == (0, 0, 0, 1)
        assert result.remarks == (Remark(0, "", "asked_to_be_forgotten"),)


class TestMerging:
    def merge(self, house: House, keep: Any, lose: Any) -> None:
        people.merge_patients(practice_id=house.id, keep_id=keep, merge_id=lose, by=house.by("ingrid"), now=LATER)

    def test_both_ids_lead_to_one_person_and_the_strictest_refusal_wins(self, solberg: House) -> None:
        (nina,) = bring(solberg, NINA).ids
        kari = solberg.people["kari"]
        assert nina is not None
        own: dict[str, Any] = {"practice_id": solberg.id, "now": LATER, "by": SYSTEM}
        people.opt_out(patient_id=nina, channel="sms", scope="marketing", how="sms", **own)
        self.merge(solberg, kari, nina)
        reached = queries.reach(solberg.id, [nina, kari])
        assert (reached[nina].merged_into, reached[nina].given_name) == (kari, "Kari")
        assert ("sms", "marketing") in reached[kari].opted_out
        assert [f.patient_id for f in queries.search(solberg.id, "nina")] == [kari]
        assert queries.patients_by_external_id(solberg.id, ["L-1"]) == {"L-1": kari}
        assert queries.count_patients(solberg.id) == 1

    def test_what_a_merged_one_says_counts_for_who_they_are_now(self, solberg: House) -> None:
        (nina,) = bring(solberg, NINA).ids
        assert nina is not None
        kari = solberg.people["kari"]
        self.merge(solberg, kari, nina)
        own: dict[str, Any] = {"practice_id": solberg.id, "patient_id": nina, "by": SYSTEM, "now": LATER}
        people.set_preference(wishes=Wishes(channels=("email",)), **own)
        people.add_contact(contact=ContactForm("email", "kari@new.example"), **own)
        people.note_need(kind="want", words="One card for both", **own)
        reached = queries.reach(solberg.id, [kari])[kari]
        assert reached.channels == ("email",)
        assert "kari@new.example" in {c.address for c in reached.contacts}
        card = queries.patient_card(solberg.id, nina)
        assert card is not None
        assert "One card for both" in [w.words for w in card.words["want"]]

    def test_what_came_along_with_a_merged_one_can_end(self, solberg: House) -> None:
        (nina,) = bring(solberg, NINA).ids
        assert nina is not None
        own: dict[str, Any] = {"practice_id": solberg.id, "by": SYSTEM, "now": LATER}
        line = people.note_need(patient_id=nina, kind="need", words="Glare at night", **own)
        other = people.note_need(patient_id=nina, kind="want", words="Sunglasses", **own)
        self.merge(solberg, solberg.people["kari"], nina)
        people.end_need(need_id=line.pk, **own)
        people.note_need(patient_id=nina, kind="want", words="Two pairs", replaces=other.pk, **own)
        with scope.transaction(solberg.id):
            phone = ContactPoint.objects.get(patient_id=nina, kind="phone")
        people.end_contact(contact_id=phone.pk, reason="asked", **own)
        card = queries.patient_card(solberg.id, nina)
        assert card is not None
        assert "need" not in card.words
        assert "Two pairs" in [w.words for w in card.words["want"]]

    def test_parting_restores_both(self, solberg: House) -> None:
        (nina,) = bring(solberg, NINA).ids
        assert nina is not None
        self.merge(solberg, solberg.people["kari"], nina)
        people.unmerge_patient(practice_id=solberg.id, patient_id=nina, by=SYSTEM, now=LATER)
        assert queries.reach(solberg.id, [nina])[nina].given_name == "Nina"
        with pytest.raises(people.NoSuchPatient):
            people.unmerge_patient(practice_id=solberg.id, patient_id=nina, by=SYSTEM, now=LATER)

    def test_nobody_is_merged_twice_or_with_themselves(self, solberg: House) -> None:
        nina, ole = bring(solberg, NINA, OLE).ids
        kari = solberg.people["kari"]
        self.merge(solberg, kari, nina)
        for keep, lose in ((kari, kari), (nina, ole), (ole, nina)):
            with pytest.raises(people.CannotMerge):
                self.merge(solberg, keep, lose)
