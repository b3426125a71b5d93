"""A practice's own words: refused where they cannot be sent, read by planner and sender alike, ours again at will."""

from typing import Any

import pytest

from glede.journeys import versions
from glede.journeys.document import Spot, default
from glede.journeys.examples import preview
from glede.journeys.operations import NoSuchWording, WordingRefused, set_wording, undo_wording
from glede.journeys.queries import wordings_of
from glede.journeys.wording import Words
from glede.practices import scope
from glede.practices.operations import ChangedSince, NoSuchChange, change_settings
from glede.practices.queries import practice_by_id
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db
SPOT = Spot("6", "visit", "nb", "sms")
OWN = Words("{name}: i morgen hos {practice}. {link}", "Hei {name}! Vi sees[ {when_at}] hos {practice}. {link}")


@pytest.fixture
def house() -> House:
    return open_solberg("kari")


def given(house: House) -> dict[str, Any]:
    return {"practice_id": house.id, "by": house.by("nina"), "now": house.now}


def standing(house: House, spot: Spot = SPOT) -> Words:
    with scope.transaction(house.id):
        row = versions.documents(house.id)[0].row(spot.row)
    assert row
    found = row.words(spot.variant, spot.language, spot.channel)
    assert found
    return found


def test_own_words_are_what_planner_and_sender_read(house: House) -> None:
    ours = standing(house)
    change = set_wording(spot=SPOT, words=OWN, **given(house))
    assert standing(house) == OWN
    assert set_wording(spot=SPOT, words=OWN, **given(house)) is None
    shown = preview(practice_by_id(house.id), OWN, "friendly", ("sms", "nb"), now=house.now)
    assert shown.text.startswith("Hei Kari! Vi sees onsdag 25. november kl. 10 hos Solberg Optikk.")
    set_wording(spot=SPOT, words=None, **given(house))
    assert standing(house) == ours
    assert change
    with pytest.raises(ChangedSince):
        undo_wording(change_id=change, **given(house))


def test_a_change_of_words_is_undone(house: House) -> None:
    change = set_wording(spot=SPOT, words=OWN, **given(house))
    assert change
    undo_wording(change_id=change, **given(house))
    assert standing(house) != OWN
    other = change_settings(changes={"name": "Ny"}, **given(house))
    assert other
    with pytest.raises(NoSuchChange):
        undo_wording(change_id=other, **given(house))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("{name}, {practice}", "needs:link"),
        ("{name} {practice} {link} {diagnosis}", "unknown_place:diagnosis"),
        ("{name} {practice} {link} [", "stray_bracket"),
        ("{name} {practice} {link} 20 % rabatt", "lint:promotion"),
        ("{name} {practice} {link} grønn stær", "lint:diagnosis"),
        (
            "{name}, {link}. Synsundersøkelsen gjennomføres fortløpende hos {practice} etter oversikten.",
            "hard:nb:Synsundersøkelsen gjennomføres fortløpende",
        ),
    ],
)
def test_what_no_message_may_hold_is_refused(house: House, words: str, code: str) -> None:
    with pytest.raises(WordingRefused, match=code):
        set_wording(spot=SPOT, words=Words(words, OWN.friendly), **given(house))


def test_every_wording_is_kept_and_may_be_said_again(house: House) -> None:
    ours, other = standing(house), Words(OWN.short, "Hei {name}! Velkommen til {practice}. {link}")
    for words in (OWN, other, None):
        set_wording(spot=SPOT, words=words, **given(house))
    kept = wordings_of(house.id, SPOT)
    assert [one.words for one in kept] == [None, other, OWN]
    assert {one.by for one in kept} == {house.by("nina").id}
    assert standing(house) == ours
    set_wording(spot=SPOT, words=kept[2].words, **given(house))
    assert standing(house) == OWN
    assert len(wordings_of(house.id, SPOT)) == 4


def test_an_email_needs_a_subject_and_a_message_a_place(house: House) -> None:
    with pytest.raises(WordingRefused, match="subject"):
        set_wording(spot=Spot("6", "visit", "nb", "email"), words=OWN, **given(house))
    with pytest.raises(NoSuchWording):
        set_wording(spot=Spot("99", "visit", "nb", "sms"), words=OWN, **given(house))


def test_every_default_can_be_read_before_it_goes(house: House) -> None:
    practice = practice_by_id(house.id)
    for row in default().rows:
        for (_variant, language, channel), words in row.wording.items():
            for style in ("short", "friendly"):
                shown = preview(practice, words, style, (channel, language), now=house.now)
                assert "Kari" in shown.text
                assert "{" not in shown.text + shown.subject
