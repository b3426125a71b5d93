"""What a conversation sends, in words: by the channel it came on, neutral where the page holds the rest."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from glede.diary.operations import book_appointment
from glede.diary.requests import Booking
from glede.inbox.composing import compose
from glede.inbox.models import Reply
from glede.inbox.operations import Incoming, receive_message, reply
from glede.inbox.safety import safety_line
from glede.kernel.actor import SYSTEM
from glede.kernel.ref import Ref
from glede.outbox.composing import Content, Draft
from glede.outbox.operations import claim_batch
from glede.outbox.queries import Line, of_patient
from glede.practices import scope
from tests.cast import MORNING, House, open_solberg

pytestmark = pytest.mark.django_db
OPEN = MORNING + timedelta(hours=2)
NIGHT = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)


@pytest.fixture
def house() -> House:
    house = open_solberg("kari", "emily", now=MORNING, is_virtual=True)
    house.now = OPEN
    return house


def answer(house: House, who: str, channel: str) -> Content:
    message = Incoming(patient_id=house.people[who], words="Can I come later?", channel=channel)
    row = receive_message(practice_id=house.id, message=message, by=house.by(who), now=house.now)
    written = reply(
        practice_id=house.id, conversation_id=row.conversation_id, words="Of course. Come at 11.", answers_to=1,
        by=house.by("ingrid"), now=house.now,
    )  # fmt: skip
    return words(house, who, written)


def words(house: House, who: str, written: Reply) -> Content:
    assert written.touch_id is not None
    draft = Draft(
        written.touch_id, "reply", 0, Ref("conversation", written.conversation_id), house.people[who], "reply",
        "email", "nb" if who == "kari" else "en",
    )  # fmt: skip
    with scope.transaction(house.id):
        return compose(house.id, [draft], house.now)[draft.touch_id]


def book(house: House, who: str) -> None:
    request = Booking(
        patient_id=house.people[who], day=date(2026, 11, 26), wall_time=time(10), service_id=house.services["eye-test"]
    )
    book_appointment(practice_id=house.id, request=request, by=SYSTEM, now=house.now)


def line(house: House, who: str) -> Line:
    return of_patient(house.id, [house.people[who]], now=house.now)[0]


def test_an_answer_to_a_mail_leaves_as_written(house: House) -> None:
    content = answer(house, "emily", "email")
    assert content.is_written_by_hand
    assert content.subject == "Ingrid at Solberg Optikk has answered you"
    assert content.text == "Of course. Come at 11.\n\nIngrid, Solberg Optikk\n22 12 34 56"


def test_an_answer_to_the_page_stays_on_the_page_and_the_mail_says_where(house: House) -> None:
    book(house, "kari")
    content = answer(house, "kari", "link")
    assert "Come at 11" not in content.text
    assert content.text.startswith("Kari, Ingrid har svart på meldingen din.")
    assert "https://solberg.example/t/" in content.text


def test_without_an_open_page_the_answer_is_sent_itself(house: House) -> None:
    assert "Come at 11" in answer(house, "kari", "link").text


def test_the_answer_may_leave(house: House) -> None:
    answer(house, "emily", "email")
    batch = claim_batch(practice_id=house.id, lane=None, limit=10, now=house.now)
    (leaving,) = batch.outgoing
    assert (leaving.channel, leaving.envelope.to_address) == ("email", "emily.clarke@example.org")
    assert leaving.envelope.auto == ""


def test_the_safety_net_may_leave_at_night(house: House) -> None:
    message = Incoming(patient_id=house.people["emily"], words="hello", channel="email")
    receive_message(practice_id=house.id, message=message, by=house.by("emily"), now=NIGHT)
    (leaving,) = claim_batch(practice_id=house.id, lane=None, limit=10, now=NIGHT).outgoing
    assert "116117" in leaving.envelope.text
    assert leaving.envelope.text.startswith("Thank you, Emily. We have your message.")
    assert leaving.envelope.auto == "auto-generated"


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize(
    ("country", "number"), [("NO", "113"), ("GB", "999"), ("US", "911"), ("DE", "112"), ("BR", "192"), ("AU", "000")]
)
def test_each_country_has_its_numbers(country: str, number: str, language: str) -> None:
    text = safety_line(country, language, "22 12 34 56")
    assert number in text
    assert "22 12 34 56" in text


def test_the_practices_own_line_wins() -> None:
    assert safety_line("NO", "nb", "", {"nb": "Ring oss."}) == "Ring oss."
    assert "113" in safety_line("NO", "en", "", {"nb": "Ring oss."})
