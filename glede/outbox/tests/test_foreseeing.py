"""The policy asked ahead: one statement for many, the words read only where they may matter."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from glede.outbox.composing import Content
from glede.outbox.foresight import UNASKED, Foresight, foreseen_in
from glede.outbox.operations import Ahead, foresee, hold_message, send_now
from glede.outbox.operations.ways import ways_to
from glede.outbox.queries import line_of
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import NOON, Scripted, a_touch, messages, planned
from glede.people.queries import reach
from glede.practices import scope
from glede.practices.queries import practice_by_id
from tests.cast import House

HELLO = Content("See you tomorrow", "Hello. See you tomorrow at 10.")
OFFER = Content("See you tomorrow", "Hello. 20 % off all frames tomorrow!")
DENIED = {"foreseen": {"decision": "deny", "reasons": ["opted_out"]}}


def ahead(house: House, who: str = "mette", content: Content | None = HELLO, **touch: Any) -> Ahead:
    with scope.transaction(house.id):
        reached = reach(house.id, [house.people[who]])[house.people[who]]
        ways = ways_to(reached, practice_by_id(house.id))
    return Ahead(a_touch(house, who, **touch), reached, ways, lambda _: content)


def told(house: House, *some: Ahead) -> list[Foresight]:
    with scope.transaction(house.id):
        return foresee(practice_by_id(house.id), some, now=NOON - timedelta(days=1))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (HELLO, Foresight("allow", ("care",), "email")),
        (OFFER, Foresight("deny", ("promotion",), becomes_call=True)),
        (Content("", "", silence="together"), Foresight("deny", ("together",))),
        (None, Foresight("deny", ("nothing_to_say",))),
    ],
)
def test_the_words_are_asked_about_too(
    house: House, email: Scripted, content: Content | None, expected: Foresight
) -> None:
    assert told(house, ahead(house, content=content)) == [expected]


def test_the_moment_asked_of_is_the_hour_it_falls_due(house: House, email: Scripted) -> None:
    night = NOON + timedelta(hours=12)
    (found,) = told(house, ahead(house, due_at=night, late_after=None))
    assert (found.decision, found.reasons) == ("defer", ("care", "hours_of_practice"))
    assert found.until is not None
    assert found.until > night
    assert told(house, ahead(house, due_at=night, late_after=night)) == [
        Foresight("deny", ("late",), becomes_call=True)
    ]


def test_asking_of_many_takes_as_many_statements_as_of_one(house: House, email: Scripted) -> None:
    one = [ahead(house, row="12", purpose="thanks", lane="care")]
    many = [ahead(house, who, row="12", purpose="thanks", lane="care") for who in ("mette", "lea", "emily") * 9]
    with CaptureQueriesContext(connection) as for_one:
        told(house, *one)
    with CaptureQueriesContext(connection) as for_many:
        told(house, *many)
    assert len(for_many) == len(for_one)


def test_words_are_read_again_only_where_the_verdict_would_be_another(house: House, email: Scripted) -> None:
    read: list[str] = []

    def words(channel: str) -> Content:
        read.append(channel)
        return HELLO

    known = Foresight("allow", ("care",), "email")
    told(house, replace(ahead(house), words=words, known=known))
    assert read == []
    told(house, replace(ahead(house), words=words, known=Foresight("deny", ("opted_out",))))
    assert read == ["email"]


def test_it_is_read_back_as_it_was_written() -> None:
    for found in (
        Foresight("allow", ("care",), "email"),
        Foresight("defer", ("care", "paused"), "sms", NOON),
        Foresight("deny", ("no_channel",), becomes_call=True),
    ):
        assert foreseen_in({"foreseen": found.as_json()}) == found
    assert foreseen_in({}) == UNASKED
    assert foreseen_in({"foreseen": "nonsense"}) == UNASKED


def test_it_is_told_until_the_message_is_taken(live: House, email: Scripted) -> None:
    planned(live, a_touch(live, why=DENIED))
    (message,) = messages(live)
    assert line_of(message, NOON).fate == "will_not_go"
    hold_message(practice_id=live.id, message_id=message.id, by=live.by("ingrid"), now=NOON)
    assert line_of(messages(live)[0], NOON).fate == "will_not_go"
    send_now(practice_id=live.id, message_id=message.id, by=live.by("ingrid"), now=NOON)
    send_due(live.id, now=NOON)
    line = line_of(messages(live)[0], NOON)
    assert (line.fate, line.foreseen) == ("sent", UNASKED)
