"""A hundred thousand questions at random: the policy answers each, the same each time, and never opens by a refusal."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from glede.outbox.policy import (
    Channel,
    Consent,
    ConsentKind,
    Counts,
    Decision,
    Origin,
    Person,
    Place,
    Purpose,
    Question,
    may_send,
)
from glede.outbox.policy.tests import test_properties as properties
from glede.outbox.policy.tests.asking import with_person
from glede.outbox.policy.tests.questions import CHANGES, TEXTS, ZONES
from tests.depth import count

SEED = 20261123
WHERE = [*map(str, Channel), "*"]


def a_consent(dice: Random) -> Consent:
    return Consent(
        dice.choice(list(ConsentKind)), dice.choice(WHERE), origin=dice.choice(list(Origin)),
        was_choice_offered=dice.random() < 0.7,
    )  # fmt: skip


def a_question(dice: Random) -> Question:
    """Anything, about one in three of which may leave."""
    rare: Any = lambda: dice.random() < 0.05  # noqa: E731
    person = Person(
        zone=dice.choice(ZONES), country=dice.choice(["", "", "NO", "GB", "US", "BR"]),
        days=frozenset(dice.sample(range(7), dice.choice([0, 0, 3, 7]))), is_quiet=rare(),
        opted_out=frozenset({(dice.choice(WHERE), dice.choice(["marketing", "all"]))} if rare() else ()),
        consents=tuple(a_consent(dice) for _ in range(dice.choice([0, 1, 3]))), is_customer=dice.random() < 0.8,
        is_on_register=dice.choice([None, True, False]), is_deceased=rare(), is_merged=rare(),
        allows_preparation=dice.random() < 0.5,
    )  # fmt: skip
    return Question(
        purpose=dice.choice(list(Purpose)), channel=dice.choice(list(Channel)), person=person,
        place=Place(dice.choice(["NO", "GB", "DE", "US", "BR"]), dice.choice(["", "TX", "NY"])),
        text=dice.choice(["", "", *TEXTS]), is_by_person=rare(), was_interval_set=dice.random() < 0.5,
        is_shared_contact=rare(), uses_health_data=rare(),
        counts=Counts(dice.choice([0, 0, 1]), dice.choice([0, 0, 3]), dice.choice([0, 0, 2])),
    )  # fmt: skip


def opened_by_a_refusal(many: int) -> list[str]:
    """Ask so many questions, each twice and once more with a prohibition; return what a prohibition opened."""
    dice, opened, allowed = Random(SEED), [], 0
    for _ in range(many):
        asked, now = a_question(dice), dice.choice(CHANGES) + timedelta(minutes=dice.randrange(-200_000, 200_000))
        verdict = may_send(asked, now)
        assert may_send(asked, now) == verdict
        allowed += verdict.is_allowed
        after = may_send(dice.choice(properties.REFUSALS)(asked, now), now)
        if verdict.decision == Decision.DENY and after.decision != Decision.DENY:
            opened.append(f"{asked.purpose} by {asked.channel}")
    assert allowed > many / 50, "enough of them may leave for the rest to mean something"
    return opened


def test_every_question_has_one_answer_and_no_refusal_opens_anything() -> None:
    assert opened_by_a_refusal(count(100_000)) == []


def test_a_refusal_that_opens_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(properties, "REFUSALS", [lambda asked, now: with_person(asked, is_deceased=False)])
    assert opened_by_a_refusal(1000)
