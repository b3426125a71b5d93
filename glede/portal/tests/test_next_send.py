"""What is changed from the link a minute before a message is due decides that message, in both languages.

The reminder is planned by the journey, the wish is pressed on the patient's page, and the very next send is the real
claim: nothing plans again in between. Each has a control in which the claim knows what was known before the press.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from types import ModuleType
from typing import Any

import pytest
from django.db import transaction

from glede.journeys import gathering
from glede.journeys.tests.stories import NEXT_THURSDAY, NEXT_WEDNESDAY, book, bring, oslo, promises, tick
from glede.kernel import failpoints
from glede.outbox.models import Message
from glede.outbox.operations import claiming
from glede.outbox.sending import send_due
from glede.people.operations import note_format
from glede.people.queries import reach
from glede.portal.tests.guests import Visitor
from glede.practices import scope
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db
DUE = oslo(NEXT_WEDNESDAY, "15:00")
OTHER = {"en": "nb", "nb": "en"}
WORDS = {"en": "tomorrow", "nb": "i morgen"}
# Emily reads English, Kari Norwegian; both have a phone that takes texts, and an address.
CAST = {"emily": "en", "kari": "nb"}


@dataclass
class Scene:
    """Somebody with a reminder that falls due in a minute, and their link."""

    house: House
    name: str
    guest: Visitor

    def wish(self, **changed: Any) -> None:
        """Press Save on the preferences page with everything as it was but what is changed."""
        usual = {
            "first": "sms", "second": "email", "hours": "any", "days": [], "style": "friendly",
            "language": CAST[self.name],
        }  # fmt: skip
        assert self.guest.press("preferences/", **{**usual, **changed}).status_code == 303

    def rest(self, pause: str, until: str = "") -> None:
        """Press "Save my rest"."""
        assert self.guest.press("preferences/", "preferences/quiet/", pause=pause, until=until).status_code == 303

    def sent(self) -> Message:
        """Let the next send happen, and return what became of the reminder."""
        send_due(self.house.id, now=DUE)
        with scope.transaction(self.house.id):
            return Message.objects.select_related("touch").get(touch__row="6", n=1)


@pytest.fixture(params=CAST)
def scene(request: pytest.FixtureRequest) -> Scene:
    name = request.param
    house = open_solberg(name, is_virtual=True)
    bring(house, name, date(2025, 3, 3), number="before", now=house.now)
    visit = book(house, name)
    assert visit.day == NEXT_THURSDAY
    found = Scene(house, name, Visitor(house, visit.pk))
    found.wish()
    tick(house, NEXT_WEDNESDAY, "14:00")
    tick(house, NEXT_WEDNESDAY, "14:59")
    house.now = oslo(NEXT_WEDNESDAY, "14:59")
    return found


@pytest.fixture(autouse=True)
def all_guards_on() -> Iterator[None]:
    yield
    failpoints.remove_guards()


def language(scene: Scene) -> None:
    scene.wish(language=OTHER[CAST[scene.name]])


def channel(scene: Scene) -> None:
    scene.wish(first="email", second="")


def channel_for_visits(scene: Scene) -> None:
    scene.wish(for_visits="email", for_news="call")


def hours(scene: Scene) -> None:
    scene.wish(hours="evening")


def days(scene: Scene) -> None:
    scene.wish(days=["3"])  # Thursdays, which is too late for the reminder: a colleague rings


def call_me(scene: Scene) -> None:
    scene.wish(first="call", second="")


def pause(scene: Scene) -> None:
    scene.rest("14")


def pause_until_a_day(scene: Scene) -> None:
    scene.rest("until", until=str(NEXT_THURSDAY + timedelta(days=1)))


def silence(scene: Scene) -> None:
    scene.rest("quiet")


def as_it_was(scene: Scene, went: Message) -> bool:
    """Whether it left by text, in the first language, in the friendly style."""
    own = CAST[scene.name]
    return went.state == "rehearsed" and went.channel == "sms" and WORDS[own] in went.body


def in_the_other_language(scene: Scene, went: Message) -> bool:
    other = OTHER[CAST[scene.name]]
    return went.state == "rehearsed" and went.language[:2] == other and WORDS[other] in went.body


def by_mail(_scene: Scene, went: Message) -> bool:
    return went.state == "rehearsed" and went.channel == "email"


def in_the_evening(_scene: Scene, went: Message) -> bool:
    return went.state == "ready" and went.held_until == DUE + timedelta(hours=1)


def as_a_call(scene: Scene, went: Message) -> bool:
    return went.state == "handed" and len(promises(scene.house, "call")) == 1


def not_written(_scene: Scene, went: Message) -> bool:
    return went.state in {"handed", "skipped", "ready"} and not went.body


CHANGES: dict[Callable[[Scene], None], Callable[[Scene, Message], bool]] = {
    language: in_the_other_language,
    channel: by_mail,
    channel_for_visits: by_mail,
    hours: in_the_evening,
    days: as_a_call,
    call_me: as_a_call,
    pause: not_written,
    pause_until_a_day: not_written,
    silence: not_written,
}


def deaf(scene: Scene, monkeypatch: pytest.MonkeyPatch, asking: ModuleType = claiming) -> None:
    """Take the guard away: who asks knows what was known before the press."""
    known = reach(scene.house.id, [scene.house.people[scene.name]])
    monkeypatch.setattr(asking, "reach", lambda *_asked: known)


@contextmanager
def taken_back() -> Iterator[None]:
    """Let what happens inside not have happened: one scene serves every change."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_a_wish_from_the_link_decides_the_very_next_send(scene: Scene) -> None:
    for change, is_as_wished in CHANGES.items():
        with taken_back():
            change(scene)
            went = scene.sent()
            assert is_as_wished(scene, went), (change.__name__, went.state, went.channel, went.reason, went.body)
        with taken_back(), pytest.MonkeyPatch.context() as patched:
            deaf(scene, patched)  # the control: without asking again it goes as it was
            change(scene)
            went = scene.sent()
            assert as_it_was(scene, went), (change.__name__, went.state, went.channel, went.reason)
            assert not is_as_wished(scene, went), change.__name__


def test_what_does_not_concern_the_next_send_leaves_it_as_it_was(scene: Scene) -> None:
    scene.wish(for_news="email", for_care="call")
    scene.rest("until", until=str(NEXT_THURSDAY + timedelta(days=1)))
    scene.rest("none")
    assert as_it_was(scene, scene.sent()), "another kind of message, and a rest that was ended"


def test_a_style_from_the_link_is_the_style_of_the_next_send(scene: Scene) -> None:
    scene.wish(first="email", second="")
    with taken_back():
        friendly = scene.sent().body
    with taken_back(), pytest.MonkeyPatch.context() as patched:
        deaf(scene, patched, gathering)  # the control: the words are put together from what was known before
        scene.wish(first="email", second="", style="short")
        assert scene.sent().body == friendly
    scene.wish(first="email", second="", style="short")
    short = scene.sent().body
    assert short not in {"", friendly}
    assert len(short) < len(friendly)


def test_a_need_from_the_link_takes_the_way_that_can_be_used(scene: Scene) -> None:
    answer = scene.guest.press("before/question/?ask=format", "before/question/", ask="format", codes=["no_texts"])
    assert answer.status_code == 303
    with taken_back():
        assert by_mail(scene, scene.sent())
    with taken_back():
        failpoints.remove_guards("format")  # the control: somebody who cannot read texts gets one
        assert as_it_was(scene, scene.sent())
        failpoints.remove_guards()
    patient = scene.house.people[scene.name]
    note_format(
        practice_id=scene.house.id, patient_id=patient, code="not_in_writing", by=scene.house.by("ingrid"),
        now=scene.house.now,
    )  # fmt: skip
    went = scene.sent()
    assert (went.state, went.reason) == ("handed", "format"), "nothing written is left: a colleague rings"
    assert len(promises(scene.house, "call")) == 1
