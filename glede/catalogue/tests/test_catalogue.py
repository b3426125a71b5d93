"""What a practice offers: rules, acts, questions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from glede.catalogue import operations as catalogue
from glede.catalogue import queries
from glede.catalogue.defaults import USUAL
from glede.catalogue.models import Service
from glede.catalogue.rules import CannotOffer, ServiceForm, changed_fields, check, in_language, price_range
from glede.kernel.actor import SYSTEM
from glede.kernel.money import Money
from glede.kernel.ref import Ref
from glede.ledger import queries as ledger
from glede.ledger.operations import Act
from glede.practices import scope
from glede.practices.operations import ChangedSince
from tests import cast
from tests.cast import MORNING, SERVICES, House

LATER = MORNING + timedelta(minutes=5)
VISIT = ServiceForm("home-visit", {"en": "Home visit", "nb": "Hjemmebesøk"}, 60, 15, 150000, sort=9)


@pytest.fixture
def solberg(db: None) -> House:
    return cast.open_solberg("solveig")


@pytest.fixture
def nordlys(db: None) -> House:
    return cast.open_nordlys("nils")


class TestRules:
    @pytest.mark.parametrize("form", [*SERVICES.values(), *USUAL, VISIT])
    def test_usual_services_can_be_offered(self, form: ServiceForm) -> None:
        check(form)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"code": ""}, {"name": {"en": " "}}, {"minutes": 0}, {"minutes": 900}, {"buffer_minutes": -1},
            {"price_minor_units": -1}, {"price_minor_units": None, "price_to_minor_units": 5},
            {"price_to_minor_units": 150000},
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_cannot_be_offered(self, wrong: dict[str, object]) -> None:
        with pytest.raises(CannotOffer):
            check(replace(VISIT, **wrong))  # type: ignore[arg-type]

    def test_prices_are_said_as_people_say_them(self) -> None:
        assert price_range(Money(49000, "NOK"), Money(129000, "NOK"), "nb") == "490–1 290 kr"
        assert price_range(Money(4500, "GBP"), Money(6000, "GBP"), "en") == "£45–£60"

    def test_words_fall_back_to_a_language_there_is(self) -> None:
        assert in_language({"en": "Eye test", "nb": "Synsprøve"}, "nb") == "Synsprøve"
        assert in_language({"en": "Eye test"}, "nb") == "Eye test"
        assert in_language({"nb": "Synsprøve"}, "en") == "Synsprøve"
        assert in_language({}, "en") == ""

    @given(st.integers(1, 480), st.integers(0, 60), st.one_of(st.none(), st.integers(0, 10**6)))
    def test_a_service_differs_from_itself_in_nothing(self, minutes: int, buffer: int, price: int | None) -> None:
        form = replace(VISIT, minutes=minutes, buffer_minutes=buffer, price_minor_units=price)
        check(form)
        assert changed_fields(form, form) == []


def add(house: House, form: ServiceForm = VISIT) -> Service:
    return catalogue.add_service(practice_id=house.id, service=form, by=house.by("sofie"), now=LATER)


def change(house: House, form: ServiceForm) -> UUID | None:
    service_id = house.services["eye-test"]
    return catalogue.change_service(
        practice_id=house.id, service_id=service_id, service=form, by=house.by("sofie"), now=LATER
    )


def end(house: House) -> None:
    catalogue.end_service(practice_id=house.id, service_id=house.services["eye-test"], by=SYSTEM, now=LATER)


class TestActs:
    def test_a_service_is_offered_with_one_event(self, solberg: House) -> None:
        row = add(solberg)
        card = queries.service_card(solberg.id, row.pk)
        assert card is not None
        assert (card.name_in("nb"), card.minutes, card.price, card.bring_in("nb")) == (
            "Hjemmebesøk",
            60,
            Money(150000, "NOK"),
            "",
        )
        (event,) = ledger.events_of(solberg.id, Ref("service", row.pk))
        assert (event.kind, event.data["minutes"]) == ("catalogue.service.added", 60)

    def test_a_change_says_what_was_and_what_is(self, solberg: House) -> None:
        longer = replace(SERVICES["eye-test"], minutes=50, name={"en": "Eye examination", "nb": "Synsprøve"})
        changed = change(solberg, longer)
        event = ledger.events_of(solberg.id, Ref("service", solberg.services["eye-test"]))[-1]
        figures = {"minutes": [40, 50]}
        assert event.data == {"fields": ["name", "minutes"], "figures": figures, "change": str(changed)}
        assert change(solberg, longer) is None

    def test_an_ended_service_is_not_offered_and_not_lost(self, solberg: House) -> None:
        end(solberg)
        assert "eye-test" not in [card.code for card in queries.services(solberg.id)]
        assert "eye-test" in [card.code for card in queries.services(solberg.id, including_ended=True)]
        with pytest.raises(catalogue.NoSuchService):
            end(solberg)
        add(solberg, SERVICES["eye-test"])

    def test_what_was_changed_ended_or_added_is_undone(self, solberg: House) -> None:
        by: dict[str, Any] = {"practice_id": solberg.id, "by": solberg.by("sofie"), "now": LATER}
        longer = change(solberg, replace(SERVICES["eye-test"], minutes=50, name={"nb": "Lang prøve"}))
        assert longer
        catalogue.undo_service(change_id=longer, **by)
        card = queries.service_card(solberg.id, solberg.services["eye-test"])
        assert card
        assert (card.minutes, card.name_in("nb")) == (40, "Synsprøve")
        with pytest.raises(ChangedSince):
            catalogue.undo_service(change_id=longer, **by)
        ended = catalogue.end_service(service_id=card.id, **by)
        back = catalogue.undo_service(change_id=ended, **by)
        assert back
        assert "eye-test" in [one.code for one in queries.services(solberg.id)]
        catalogue.undo_service(change_id=back, **by)
        assert "eye-test" not in [one.code for one in queries.services(solberg.id)]
        with pytest.raises(catalogue.NoSuchService):
            catalogue.end_service(service_id=card.id, **by)

    def test_an_ended_service_comes_back_unless_its_name_was_taken(self, solberg: House) -> None:
        by: dict[str, Any] = {"practice_id": solberg.id, "by": solberg.by("sofie"), "now": LATER}
        service_id = solberg.services["eye-test"]
        catalogue.end_service(service_id=service_id, **by)
        add(solberg, SERVICES["eye-test"])
        with pytest.raises(catalogue.CodeTaken):
            catalogue.bring_back_service(service_id=service_id, **by)

    def test_a_code_is_taken_once(self, solberg: House) -> None:
        add(solberg, replace(VISIT, external_id="7"))
        with pytest.raises(catalogue.CodeTaken):
            add(solberg)
        with pytest.raises(catalogue.CodeTaken):
            add(solberg, replace(VISIT, code="other", external_id="7"))
        with pytest.raises(catalogue.CodeTaken):
            change(solberg, replace(SERVICES["eye-test"], code="home-visit"))
        assert queries.services_by_external_id(solberg.id)["7"].code == "home-visit"

    @pytest.mark.parametrize("act", [add, end, lambda h: change(h, VISIT)])
    def test_nothing_of_an_act_remains_where_the_record_fails(
        self, act: Callable[[House], object], solberg: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = queries.services(solberg.id), ledger.last_seq(solberg.id)
        monkeypatch.setattr("glede.ledger.operations.append", fail)
        with pytest.raises(ZeroDivisionError):
            act(solberg)
        monkeypatch.undo()
        assert (queries.services(solberg.id), ledger.last_seq(solberg.id)) == before


def fail(this: Act) -> None:
    raise ZeroDivisionError


class TestQuestions:
    def test_services_stand_in_the_practices_order(self, solberg: House) -> None:
        assert [card.code for card in queries.services(solberg.id)] == list(SERVICES)

    def test_prices_and_first_visits_are_told(self, solberg: House) -> None:
        cards = {card.code: card for card in queries.services(solberg.id)}
        assert cards["lens-check"].price_words("nb") == "490–690 kr"
        assert cards["eye-test"].price_words("en") == "890 kr"
        assert cards["collect"].price_words("en") == ""
        assert [card.code for card in cards.values() if card.for_new] == ["first-eye-test"]

    def test_one_statement_for_any_number(self, solberg: House) -> None:
        with CaptureQueriesContext(connection) as captured:
            queries.services_by_id(solberg.id, list(solberg.services.values()))
        assert len([q for q in captured if "catalogue_service" in q["sql"]]) == 1

    def test_the_other_practice_sees_nothing(self, solberg: House, nordlys: House) -> None:
        theirs = list(nordlys.services.values())
        assert queries.services_by_id(nordlys.id, theirs)
        assert queries.services_by_id(solberg.id, theirs) == {}
        assert queries.service_card(solberg.id, theirs[0]) is None
        assert {card.id for card in queries.services(solberg.id)} == set(solberg.services.values())
        with pytest.raises(catalogue.NoSuchService):
            catalogue.end_service(practice_id=solberg.id, service_id=theirs[0], by=SYSTEM, now=LATER)
        with scope.transaction(solberg.id), connection.cursor() as cursor:
            cursor.execute("select count(*) from catalogue_service")
            assert cursor.fetchone() == (len(SERVICES),)
