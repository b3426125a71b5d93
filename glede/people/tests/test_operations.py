"""What can be done to what we know of a person: the row, the event, and nothing where the record fails."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest

from glede.kernel.actor import IMPORT, SYSTEM
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger import queries as ledger
from glede.ledger.operations import Act
from glede.people import keys, queries
from glede.people import operations as people
from glede.people.models import (
    ContactPoint,
    ContactPreference,
    FieldChange,
    Need,
    Note,
    Patient,
    PatientKey,
    SearchToken,
)
from glede.people.rules.fields import commitment
from glede.people.rules.wishes import UnreadableWish
from glede.people.values import ConsentForm, ContactForm, PersonForm, Wishes
from glede.practices import scope
from glede.promises.queries import open_about
from tests.cast import KARI, MORNING, House

LATER = MORNING + timedelta(minutes=5)


def story(house: House, name: str = "kari") -> list[str]:
    return [h.kind for h in ledger.events_of(house.id, Ref("patient", house.people[name]))]


def last(house: House, name: str = "kari") -> ledger.Happening:
    return ledger.events_of(house.id, Ref("patient", house.people[name]))[-1]


def change(house: House, **fields: Any) -> tuple[str, ...]:
    return people.change_patient(
        practice_id=house.id, patient_id=house.people["kari"], fields=fields, by=house.by("ingrid"), now=LATER
    )


def contact_of(house: House, kind: str, name: str = "kari") -> ContactPoint:
    return ContactPoint.objects.get(patient_id=house.people[name], kind=kind, ended_at=None)


@pytest.fixture
def inside(solberg: House) -> Any:
    with scope.transaction(solberg.id):
        yield solberg


class TestAdding:
    def test_a_person_is_added_with_contacts_key_tokens_and_one_event(self, inside: House) -> None:
        kari = Patient.objects.get(pk=inside.people["kari"])
        assert (kari.name, kari.language, kari.added_by_role) == ("Kari Moe", "nb", "system")
        assert {c.address for c in ContactPoint.objects.filter(patient_id=kari.pk)} == {
            "+4740000101",
            "kari.moe@example.org",
        }
        assert SearchToken.objects.filter(patient_id=kari.pk, token="kari").exists()
        assert story(inside)[0] == "people.patient.added"

    def test_the_event_holds_no_word_about_the_person_but_a_commitment_to_them(self, inside: House) -> None:
        person = people.add_patient(
            practice_id=inside.id, person=PersonForm(given_name="Canary", phones=("40099999",)), by=SYSTEM, now=MORNING
        )
        (added,) = ledger.events_of(inside.id, Ref("patient", person.pk))
        assert "anary" not in str(added.data)
        key = keys.unwrap(PatientKey.objects.get(patient_id=person.pk).wrapped)
        assert added.data["commit"] == commitment(key, {"given_name": "Canary", "phone_1": "+4740099999"})

    def test_a_phone_number_alone_is_enough(self, inside: House) -> None:
        person = people.add_patient(
            practice_id=inside.id, person=PersonForm(phones=("40000200",)), by=SYSTEM, now=LATER
        )
        assert [f.patient_id for f in queries.search(inside.id, "400 00 200")] == [person.pk]

    @pytest.mark.parametrize(
        ("form", "error"),
        [
            (PersonForm(given_name="  "), people.NobodyNamed),
            (PersonForm(given_name="A", phones=("12",)), people.UnreadableContact),
            (PersonForm(given_name="A", emails=("nobody",)), people.UnreadableContact),
        ],
    )
    def test_nobody_and_nonsense_are_refused(self, inside: House, form: PersonForm, error: type[Exception]) -> None:
        with pytest.raises(error):
            people.add_patient(practice_id=inside.id, person=form, by=SYSTEM, now=LATER)

    def test_a_shared_number_is_no_duplicate(self, inside: House) -> None:
        people.add_patient(practice_id=inside.id, person=KARI_S_SON, by=SYSTEM, now=LATER)
        assert len(queries.patients_at(inside.id, "phone", "+4740000101")) == 2


KARI_S_SON = PersonForm(given_name="Ola", family_name="Moe", phones=KARI.phones)


class TestChanging:
    def test_what_a_field_said_before_is_kept(self, inside: House) -> None:
        assert change(inside, family_name="Lie") == ("family_name",)
        kept = FieldChange.objects.get(patient_id=inside.people["kari"])
        assert (kept.was, kept.value, kept.by_role) == ("Moe", "Lie", "staff")
        assert last(inside).data["fields"] == ["family_name"]

    def test_a_new_name_is_found_and_the_old_one_is_not(self, inside: House) -> None:
        change(inside, family_name="Lie")
        assert queries.search(inside.id, "kari lie")
        assert not queries.search(inside.id, "kari moe")

    def test_saying_the_same_again_leaves_no_trace(self, inside: House) -> None:
        before = story(inside)
        assert change(inside, family_name="Moe") == ()
        assert story(inside) == before

    def test_an_import_leaves_alone_what_a_colleague_set(self, inside: House) -> None:
        change(inside, family_name="Lie")
        changed = people.change_patient(
            practice_id=inside.id,
            patient_id=inside.people["kari"],
            fields={"family_name": "Moe", "given_name": "Karin"},
            by=IMPORT,
            now=LATER,
        )
        assert changed == ("given_name",)
        ours = queries.fields_changed_here(inside.id, [inside.people["kari"]])
        assert ours[inside.people["kari"]] >= {"family_name"}

    def test_dates_and_keys_come_back_as_what_they_are(self, inside: House) -> None:
        change(inside, birth_date=date(1956, 2, 29), deceased_on=date(2026, 11, 1))
        kari = Patient.objects.get(pk=inside.people["kari"])
        assert (kari.birth_date, kari.has_died) == (date(1956, 2, 29), True)
        assert kari.age_on(date(2026, 2, 28)) == 69
        assert kari.age_on(date(2026, 3, 1)) == 70

    def test_an_unknown_field_or_person_is_refused(self, inside: House) -> None:
        with pytest.raises(ValueError, match="no field"):
            change(inside, shoe_size="38")
        with pytest.raises(people.NoSuchPatient):
            people.change_patient(practice_id=inside.id, patient_id=new_id(), fields={}, by=SYSTEM, now=LATER)


class TestBelonging:
    def test_a_child_has_a_guardian_and_nobody_guards_themselves(self, inside: House) -> None:
        child = people.add_patient(practice_id=inside.id, person=PersonForm(given_name="Liv"), by=SYSTEM, now=LATER).pk
        people.set_guardian(
            practice_id=inside.id, patient_id=child, guardian_id=inside.people["kari"], by=SYSTEM, now=LATER
        )
        card = queries.patient_card(inside.id, inside.people["kari"])
        assert card is not None
        assert [ward.name for ward in card.wards] == ["Liv"]
        for ward, guardian in ((inside.people["kari"], child), (child, child)):
            with pytest.raises(people.CannotGuard):
                people.set_guardian(practice_id=inside.id, patient_id=ward, guardian_id=guardian, by=SYSTEM, now=LATER)

    def test_a_household_takes_more_people_in(self, inside: House) -> None:
        son = people.add_patient(practice_id=inside.id, person=KARI_S_SON, by=SYSTEM, now=LATER).pk
        kari = inside.people["kari"]
        home = people.join_household(practice_id=inside.id, patient_ids=[kari, son], by=SYSTEM, now=LATER)
        assert people.join_household(practice_id=inside.id, patient_ids=[kari], by=SYSTEM, now=LATER) == home
        assert [p.name for p in queries.household_of(inside.id, kari)] == ["Ola Moe"]


class TestContacts:
    def test_a_changed_address_is_a_new_row_and_the_end_of_the_old(self, inside: House) -> None:
        old = contact_of(inside, "email")
        new = add_contact(inside, ContactForm("email", "kari@new.example", replaces=old.pk))
        old.refresh_from_db()
        assert (old.ended_at, old.ended_reason, old.value) == (LATER, "changed", "kari.moe@example.org")
        assert (new.rank, new.email_key) == (old.rank, "kari@new.example")
        assert story(inside)[-2:] == ["people.contact.ended", "people.contact.added"]
        assert not queries.search(inside.id, "kari.moe@example.org")

    def test_the_same_address_twice_is_one(self, inside: House) -> None:
        before = story(inside)
        again = add_contact(inside, ContactForm("phone", "+47 400 00 101"))
        assert again.pk == contact_of(inside, "phone").pk
        assert story(inside) == before

    def test_a_contact_ends_once_with_a_reason(self, inside: House) -> None:
        phone = contact_of(inside, "phone")
        end: dict[str, Any] = {"practice_id": inside.id, "contact_id": phone.pk, "by": SYSTEM, "now": LATER}
        people.end_contact(reason="wrong_number", **end)
        assert last(inside).data["reason"] == "wrong_number"
        with pytest.raises(people.ContactEnded):
            people.end_contact(reason="wrong_number", **end)
        with pytest.raises(ValueError, match="no reason"):
            people.end_contact(reason="", **end)


def add_contact(house: House, form: ContactForm) -> ContactPoint:
    return people.add_contact(
        practice_id=house.id, patient_id=house.people["kari"], contact=form, by=house.by("ingrid"), now=LATER
    )


class TestWishes:
    def test_a_wish_follows_the_earlier_one_and_keeps_what_it_leaves_open(self, inside: House) -> None:
        wish(inside, Wishes(pause_until=date(2027, 1, 1), language="en", style="short"))
        rows = list(ContactPreference.objects.filter(patient_id=inside.people["kari"]).order_by("set_at", "id"))
        assert [row.ended_at for row in rows] == [LATER, None]
        assert (rows[1].channels, rows[1].hours_from) == (["sms", "call"], time(10))
        assert last(inside).data["changed"] == ["language", "pause_until", "style"]
        assert Patient.objects.get(pk=inside.people["kari"]).language == "en"

    def test_the_same_wish_again_leaves_no_trace(self, inside: House) -> None:
        before = story(inside)
        wish(inside, Wishes(channels=("sms", "call")))
        assert story(inside) == before

    def test_a_wish_that_cannot_be_changes_nothing(self, inside: House) -> None:
        with pytest.raises(UnreadableWish):
            wish(inside, Wishes(channels=("pigeon",)))
        assert queries.preference_of(inside.id, inside.people["kari"]).channels == ("sms", "call")


def wish(house: House, wishes: Wishes) -> None:
    people.set_preference(
        practice_id=house.id, patient_id=house.people["kari"], wishes=wishes, by=house.by("kari"), now=LATER
    )


class TestConsent:
    def test_opting_out_is_one_event_and_twice_is_once(self, inside: House) -> None:
        assert opt_out(inside, "sms")
        assert not opt_out(inside, "sms")
        assert opt_out(inside, None)
        assert not opt_out(inside, "email")
        assert story(inside)[-2:] == ["people.consent.withdrawn"] * 2

    def test_a_consent_carries_its_proof_and_no_address(self, inside: House) -> None:
        form = ConsentForm(
            "grant", "marketing", "email", contact="kari.moe@example.org", origin="10.0.0.1|Firefox", form_id="f1"
        )
        row = people.record_consent(
            practice_id=inside.id, patient_id=inside.people["kari"], consent=form, by=inside.by("kari"), now=LATER
        )
        row.refresh_from_db()
        assert row.contact_hash
        assert row.origin_hash
        assert b"10.0.0.1" not in bytes(row.origin_hash)
        assert last(inside).kind == "people.consent.given"

    def test_a_later_grant_lifts_a_refusal_and_what_was_said_earlier_does_not(self, inside: House) -> None:
        opt_out(inside, "sms")
        consent(inside, ConsentForm("grant", "marketing", "sms", said_at=MORNING - timedelta(days=1)))
        assert ("sms", "marketing") in queries.reach(inside.id, inside.people.values())[inside.people["kari"]].opted_out
        consent(inside, ConsentForm("grant", "marketing", "sms"), later=1)
        assert not queries.reach(inside.id, inside.people.values())[inside.people["kari"]].opted_out

    @pytest.mark.parametrize("form", [ConsentForm("grant", "marketing", "fax"), ConsentForm("shrug", "marketing")])
    def test_an_unknown_channel_or_action_is_refused(self, inside: House, form: ConsentForm) -> None:
        with pytest.raises(ValueError, match="no "):
            consent(inside, form)


def opt_out(house: House, channel: str | None) -> bool:
    return people.opt_out(
        practice_id=house.id,
        patient_id=house.people["kari"],
        channel=channel,
        scope="marketing",
        how="sms",
        by=house.by("kari"),
        now=LATER,
    )


def consent(house: House, form: ConsentForm, later: int = 0) -> None:
    people.record_consent(
        practice_id=house.id,
        patient_id=house.people["kari"],
        consent=form,
        by=house.by("kari"),
        now=LATER + timedelta(minutes=later),
    )


class TestWords:
    def test_a_changed_line_is_a_new_row_that_replaces_the_old(self, inside: House) -> None:
        old = Need.objects.get(patient_id=inside.people["kari"], kind="budget")
        new = note(inside, "budget", "About 8,000 kr", replaces=old.pk)
        old.refresh_from_db()
        assert (old.words, old.ended_at, old.replaced_by_id) == ("About 6,000 kr. Say it first", LATER, new.pk)
        with pytest.raises(LookupError):
            note(inside, "budget", "again", replaces=old.pk)

    def test_a_line_that_no_longer_holds_ends(self, inside: House) -> None:
        line = Need.objects.get(patient_id=inside.people["kari"], kind="lifestyle")
        people.end_need(practice_id=inside.id, need_id=line.pk, by=SYSTEM, now=LATER)
        card = queries.patient_card(inside.id, inside.people["kari"])
        assert card is not None
        assert "lifestyle" not in card.words
        assert last(inside).kind == "people.need.ended"

    def test_flags_need_no_words_and_everything_else_does(self, inside: House) -> None:
        note(inside, "anxious", "")
        assert queries.reach(inside.id, [inside.people["kari"]])[inside.people["kari"]].is_anxious
        with pytest.raises(people.NoWords):
            note(inside, "want", " ")

    def test_a_note_with_a_day_is_a_promise_to_the_one_who_wrote_it(self, inside: House) -> None:
        (owed,) = open_about(inside.id, Ref("patient", inside.people["kari"]))
        assert (owed.kind, owed.owner_id) == ("follow_up", inside.colleagues["ingrid"])
        assert owed.due_at.isoformat() == "2026-11-26T16:00:00+00:00"
        card = queries.patient_card(inside.id, inside.people["kari"])
        assert card is not None
        assert [n.words for n in card.follow_ups] == ["How did the cabin roof go?"]

    def test_a_note_without_a_day_promises_nothing(self, inside: House) -> None:
        write(inside, "Likes coffee")
        assert len(open_about(inside.id, Ref("patient", inside.people["kari"]))) == 1

    def test_a_note_for_a_day_that_is_over_is_refused(self, inside: House) -> None:
        with pytest.raises(people.DayHasPassed):
            write(inside, "x", on=date(2026, 11, 23))
        with pytest.raises(people.NoWords):
            write(inside, "  ")

    def test_a_note_for_a_closed_day_is_due_when_messages_end(self, inside: House) -> None:
        write(inside, "Sunday", on=date(2026, 11, 29))
        due = {owed.due_at.isoformat() for owed in open_about(inside.id, Ref("patient", inside.people["kari"]))}
        assert "2026-11-29T19:00:00+00:00" in due


def note(house: House, kind: str, words: str, **more: Any) -> Need:
    return people.note_need(
        practice_id=house.id,
        patient_id=house.people["kari"],
        kind=kind,
        words=words,
        by=house.by("ingrid"),
        now=LATER,
        **more,
    )


def write(house: House, words: str, **more: Any) -> Note:
    return people.write_note(
        practice_id=house.id, patient_id=house.people["kari"], words=words, by=house.by("ingrid"), now=LATER, **more
    )


ACTS: dict[str, Callable[[House], object]] = {
    "add": lambda h: people.add_patient(practice_id=h.id, person=KARI_S_SON, by=SYSTEM, now=LATER),
    "bulk": lambda h: people.add_patients(practice_id=h.id, rows=[KARI_S_SON], by=IMPORT, now=LATER),
    "change": lambda h: change(h, family_name="Lie"),
    "contact": lambda h: add_contact(h, ContactForm("email", "kari@new.example")),
    "end contact": lambda h: people.end_contact(
        practice_id=h.id, contact_id=contact_of(h, "phone").pk, reason="asked", by=SYSTEM, now=LATER
    ),
    "wish": lambda h: wish(h, Wishes(quiet_all=True)),
    "opt out": lambda h: opt_out(h, "sms"),
    "need": lambda h: note(h, "want", "More"),
    "note": lambda h: write(h, "Promise", on=date(2026, 12, 1)),
    "erase": lambda h: people.erase_patient(
        practice_id=h.id, patient_id=h.people["kari"], reason="asked", by=SYSTEM, now=LATER
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_nothing_of_an_act_remains_where_the_record_fails(
    name: str, inside: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(inside)
    monkeypatch.setattr("glede.ledger.operations.append", fail)
    with pytest.raises(ZeroDivisionError):
        ACTS[name](inside)
    monkeypatch.undo()
    assert state(inside) == before


def fail(this: Act) -> None:
    raise ZeroDivisionError


def state(house: House) -> list[Any]:
    models = (Patient, PatientKey, ContactPoint, ContactPreference, FieldChange, Need, Note, SearchToken)
    rows = [sorted(map(repr, model.objects.values_list())) for model in models]
    return [*rows, queries.consent_history(house.id, house.people["kari"]), ledger.last_seq(house.id)]
