"""What the diary takes part in across rooms."""

from typing import Any

import pytest
from django.utils.translation import override

from glede.diary import errors, events, handlers, names, queries, timeline
from glede.diary.rules import Change, Reason, State
from glede.diary.tests.stories import book, bring, cancel, listed, proved
from glede.ledger.registry import ACTS
from glede.ledger.registry import handlers as registered
from glede.people.operations import erase_patient
from glede.practices import scope
from tests.cast import House, open_solberg

OURS = [value for name, value in vars(events).items() if name.isupper() and isinstance(value, str)]
WHEN = {"day": "2026-11-26", "at": "14:30", "state": "booked", "reason": "unwell", "late_minutes": 10}


def test_the_diary_takes_part_in_every_act_across_rooms() -> None:
    assert all("diary" in registered(act) for act in ACTS - {"undo_visit"}), "that one the diary asks of others"


@pytest.mark.parametrize("kind", [kind for kind in OURS if kind not in {events.PREFIX, events.HOLD_PREFIX}])
@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("data", [WHEN, {}])
def test_every_event_of_the_diary_has_its_words(kind: str, language: str, data: dict[str, Any]) -> None:
    with override(language):
        assert timeline.words(kind, data, language)


@pytest.mark.parametrize(
    ("kind", "data", "english"),
    [
        (events.BOOKED, WHEN, "Booked for Thursday 26 November, 14:30."),
        (events.MOVED, WHEN | {"at": None}, "Moved to Thursday 26 November."),
        (events.CANCELLED, WHEN, "Cancelled the visit of Thursday 26 November, 14:30: unwell."),
        (events.RUNNING_LATE, WHEN, "Running 10 minutes late."),
    ],
)
def test_the_words_say_what_happened(kind: str, data: dict[str, Any], english: str) -> None:
    with override("en"):
        assert timeline.words(kind, data, "en") == english


def test_an_event_of_another_room_is_left_to_it() -> None:
    assert timeline.words("people.note.written", {}) is None


def test_every_event_kind_and_every_code_has_a_name() -> None:
    of_visits = {kind for kind in OURS if kind.startswith(events.PREFIX)} - {events.PREFIX}
    assert of_visits == {events.PREFIX + change for change in Change}
    assert set(names.STATES) == set(State)
    assert set(names.REASONS) == set(Reason)
    kinds = [*errors.Refused.__subclasses__(), *errors.NotFree.__subclasses__()]
    refusals = {refusal.code for refusal in kinds if refusal is not errors.NotFree}
    assert refusals <= set(names.REFUSALS)
    assert names.named(names.REASONS, "never heard of") == "never heard of"


@pytest.mark.django_db
class TestAPerson:
    @pytest.fixture
    def house(self) -> House:
        return open_solberg("kari", "jonas")

    def test_an_export_holds_every_visit_and_what_was_said(self, house: House) -> None:
        visit = book(house, "kari")
        cancel(house, visit.pk, by="kari", reason="unwell", words="The flu.")
        with scope.transaction(house.id):
            (told,) = handlers.export(house.id, house.people["kari"])
        assert (told["state"], told["service"], told["practitioner"]) == ("cancelled", "eye-test", "Dr Amal Haddad")
        assert [line["words"] for line in told["history"]] == ["", "The flu."]

    def test_whoever_is_forgotten_leaves_no_word_and_no_number_behind(self, house: House) -> None:
        visit = book(house, "kari")
        cancel(house, visit.pk, by="kari", words="The flu.")
        bring(house, listed(house, "A1", "13:00"))
        erase_patient(
            practice_id=house.id, patient_id=house.people["kari"], reason="asked", by=house.by("sofie"), now=house.now
        )
        assert [line.words for line in queries.history_of(house.id, visit.pk)] == ["", ""]
        assert queries.appointments_by_external_id(house.id, ["A1"]) == {}
        with pytest.raises(errors.UnknownPatient):
            book(house, "kari", "15:00")
        proved(house)
