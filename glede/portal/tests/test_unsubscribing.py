"""One press stops news and offers (RFC 8058); a look stops nothing."""

import pytest
from django.core.cache import cache
from django.test import Client

from glede.inbox.operations import Incoming, receive_message, reply
from glede.kernel.ids import new_id
from glede.outbox.queries import of_patient
from glede.outbox.unsubscribing import unsubscribe_token
from glede.people.queries import reach
from tests.cast import MORNING, House, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    cache.clear()
    return open_solberg("emily", now=MORNING, is_virtual=True)


@pytest.fixture
def token(house: House) -> str:
    message = Incoming(patient_id=house.people["emily"], words="hello", channel="email")
    row = receive_message(practice_id=house.id, message=message, by=house.by("emily"), now=house.now)
    reply(
        practice_id=house.id, conversation_id=row.conversation_id, words="Hello!", answers_to=1, by=house.by("ingrid"),
        now=house.now,
    )  # fmt: skip
    line = of_patient(house.id, [house.people["emily"]], now=house.now)[0]
    return unsubscribe_token(house.id, line.message_id)


def refused(house: House) -> frozenset[tuple[str, str]]:
    return reach(house.id, [house.people["emily"]])[house.people["emily"]].opted_out


def test_a_look_stops_nothing(house: House, token: str) -> None:
    answers = [Client().get(f"/u/{token}/") for _ in range(3)]
    Client().head(f"/u/{token}/")
    assert {answer.status_code for answer in answers} == {200}
    assert refused(house) == frozenset()
    assert "Emily" not in answers[0].content.decode()


def test_a_press_stops_news_once_and_says_so(house: House, token: str) -> None:
    answers = [Client().post(f"/u/{token}/", {"List-Unsubscribe": "One-Click"}) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert {scope for _, scope in refused(house)} == {"marketing"}
    assert 'class="told"' in answers[-1].content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_token_not_made_here_opens_nothing(house: House, token: str, method: str) -> None:
    foreign = unsubscribe_token(new_id(), new_id())
    turned = token[:40] + ("a" if token[40] != "a" else "b") + token[41:]
    for bad in (turned, "x", foreign):
        assert getattr(Client(), method)(f"/u/{bad}/").status_code == 404
    assert refused(house) == frozenset()
