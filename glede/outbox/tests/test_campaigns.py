"""A campaign: shown before it starts, unfolded once whatever kills it, judged twice, stopped as a whole."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from glede.kernel import failpoints
from glede.kernel.actor import PROVIDER, SYSTEM, colleague, patient
from glede.kernel.failpoints import FailpointReached
from glede.outbox import campaigns, linter, tasks
from glede.outbox import operations as outbox
from glede.outbox.models import Campaign
from glede.outbox.rules import State
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import NOON, Scripted, a_touch, messages, planned
from glede.people import operations as people
from glede.people.values import ConsentForm
from glede.practices import scope
from glede.practices.models import Practice
from tests.cast import House

WORDS = {
    "en": {"subject": "An evening at {practice}", "text": "Dear {first_name}, come and see us on Thursday."},
    "nb": {"subject": "En kveld hos {practice}", "text": "Kjære {first_name}, kom innom på torsdag."},
}
HARD = "Notwithstanding aforementioned circumstances, ophthalmological consultations necessitate preparation."
EVERYBODY = ("mette", "lea", "emily", "tor", "jonas")


def agreed(house: House, *names: str) -> None:
    """Let people say yes to news by e-mail."""
    for name in names:
        yes = ConsentForm("grant", "marketing", "email")
        people.record_consent(
            practice_id=house.id, patient_id=house.people[name], consent=yes, by=house.by("sofie"), now=house.now
        )


def made(house: House, *names: str, **changes: Any) -> UUID:
    """Keep a campaign to these people."""
    listed = [house.people[n] for n in names or EVERYBODY]
    given = {"name": "Evening", "purpose": "offer", "words": WORDS, "people": listed} | changes
    new = outbox.NewCampaign(**given)
    return outbox.make_campaign(practice_id=house.id, new=new, by=house.by("sofie"), now=NOON).pk


def given(house: House, campaign_id: UUID, **more: Any) -> dict[str, Any]:
    """What every act about a campaign is told."""
    return {"practice_id": house.id, "campaign_id": campaign_id, "by": SYSTEM, "now": NOON} | more


def unfolded(house: House, campaign_id: UUID, portion: int = 2) -> None:
    """Start it and unfold it to the end."""
    outbox.start_campaign(**given(house, campaign_id))
    while outbox.unfold_campaign(**given(house, campaign_id), portion=portion):
        pass


def states(house: House) -> Counter[str]:
    return Counter(m.state for m in messages(house))


def test_who_gets_it_and_who_not_and_why_is_shown_before_anything_is_planned(live: House) -> None:
    agreed(live, "mette", "emily")
    shown = outbox.show_campaign(practice_id=live.id, campaign_id=made(live), now=NOON)
    assert (shown.size, shown.goes, dict(shown.by_channel)) == (5, 2, {"email": 2})
    assert sum(shown.left_out.values()) == 3
    assert set(shown.left_out) == {"no_consent", "no_channel"}
    assert not messages(live)


@pytest.mark.parametrize(("ticks_by", "planned_for"), [("real", 5), ("virtual", 0)])
def test_the_worker_unfolds_nothing_where_the_clock_is_moved_by_hand(
    house: House, monkeypatch: pytest.MonkeyPatch, ticks_by: str, planned_for: int
) -> None:
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    outbox.start_campaign(**given(house, made(house)))
    virtual_now = NOON if ticks_by == "virtual" else None
    Practice.objects.filter(pk=house.id).update(clock=ticks_by, virtual_now=virtual_now)
    tasks.unfold(practice_id=str(house.id))
    assert len(messages(house)) == planned_for


def test_those_who_agreed_get_it_once_with_the_way_to_end_it(live: House, email: Scripted) -> None:
    agreed(live, "mette", "emily")
    unfolded(live, made(live))
    send_due(live.id, now=NOON)
    assert states(live) == {State.ACCEPTED: 2, State.SKIPPED: 3}
    for envelope in email.sent:
        assert envelope.unsubscribe_url
        assert envelope.unsubscribe_url in envelope.text


def test_whoever_refuses_after_the_planning_is_asked_about_again_at_the_claim(live: House, email: Scripted) -> None:
    agreed(live, "mette", "emily")
    unfolded(live, made(live))
    people.opt_out(
        practice_id=live.id, patient_id=live.people["mette"], channel="email", scope="marketing", how="desk",
        by=live.by("sofie"), now=NOON,
    )  # fmt: skip
    send_due(live.id, now=NOON)
    assert [e.to_name.partition(" ")[0] for e in email.sent] == ["Emily"]


def test_nobody_is_called_because_of_a_campaign(live: House) -> None:
    unfolded(live, made(live))
    send_due(live.id, now=NOON)
    assert states(live) == {State.SKIPPED: 5}


def killed_amid(monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    monkeypatch.setattr(failpoints, "_armed", {point: ("raise", 1)})
    monkeypatch.setattr(failpoints, "_reached", Counter())


def unfolded_through_a_kill(house: House, campaign_id: UUID, monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Unfold with a kill in the middle of a portion; return whose touches stand there in the end."""
    outbox.start_campaign(**given(house, campaign_id))
    outbox.unfold_campaign(**given(house, campaign_id), portion=2)
    killed_amid(monkeypatch, "unfold.before_commit")
    with pytest.raises(FailpointReached):
        outbox.unfold_campaign(**given(house, campaign_id), portion=2)
    for _ in range(9):
        outbox.unfold_campaign(**given(house, campaign_id), portion=2)
    return sorted(m.touch.patient_id for m in messages(house))


def test_a_kill_amid_a_portion_loses_nobody_and_doubles_nobody(live: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert unfolded_through_a_kill(live, made(live), monkeypatch) == sorted(live.people[n] for n in EVERYBODY)


def test_without_its_number_a_campaign_never_comes_to_the_end_of_its_list(
    live: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failpoints, "_guards_off", frozenset({"unfolded"}))
    assert len(unfolded_through_a_kill(live, made(live), monkeypatch)) == 2


def stopped_between_commits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop a campaign, and die once that is committed, before a single message was ended."""
    campaign_id = made(house, "mette", "emily")
    unfolded(house, campaign_id)
    killed_amid(monkeypatch, "stop_campaign.after_commit")
    with pytest.raises(FailpointReached):
        outbox.stop_campaign(**given(house, campaign_id))
    send_due(house.id, now=NOON)


def test_nothing_leaves_once_a_campaign_is_stopped_even_if_it_was_killed_then(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(live, "mette", "emily")
    stopped_between_commits(live, monkeypatch)
    assert not email.sent
    assert {(m.state, m.reason) for m in messages(live)} == {("skipped", "stopped")}


def test_without_another_version_a_stopped_campaign_goes_on(
    live: House, email: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(live, "mette", "emily")
    monkeypatch.setattr(failpoints, "_guards_off", frozenset({"campaign_stop"}))
    stopped_between_commits(live, monkeypatch)
    assert len(email.sent) == 2


def test_a_stopped_campaign_ends_all_of_it_at_once_and_unfolds_no_more(live: House) -> None:
    campaign_id = made(live)
    outbox.start_campaign(**given(live, campaign_id))
    outbox.unfold_campaign(**given(live, campaign_id), portion=2)
    assert campaigns.under_way(live.id) == [campaign_id]
    assert outbox.stop_campaign(**given(live, campaign_id)) == 2
    assert outbox.unfold_campaign(**given(live, campaign_id)) == 0
    assert outbox.stop_campaign(**given(live, campaign_id)) == 0
    assert campaigns.under_way(live.id) == []
    assert campaigns.listed(live.id)[0].states == {"skipped": 2}
    with pytest.raises(outbox.NotInThisState):
        outbox.start_campaign(**given(live, campaign_id))


def test_a_due_reminder_goes_before_every_message_of_a_campaign(live: House, email: Scripted) -> None:
    agreed(live, *EVERYBODY)
    unfolded(live, made(live))
    planned(live, a_touch(live, "lea"))
    send_due(live.id, now=NOON, limit=1)
    assert [m.lane for m in messages(live) if m.state == State.ACCEPTED] == ["reminder"]


def test_records_joined_with_another_get_no_copy_of_their_own(live: House, email: Scripted) -> None:
    agreed(live, "mette", "emily")
    unfolded(live, made(live, "mette", "emily"))
    people.merge_patients(
        practice_id=live.id, keep_id=live.people["emily"], merge_id=live.people["mette"], by=live.by("sofie"), now=NOON
    )
    send_due(live.id, now=NOON)
    assert len(email.sent) == 1
    assert {m.reason for m in messages(live)} == {"", "merged"}


def test_a_list_holds_everybody_once_and_no_stranger(live: House) -> None:
    campaign_id = made(live, "mette", "mette", "emily", people=[*([live.people["mette"]] * 2), UUID(int=7)])
    with scope.transaction(live.id):
        assert Campaign.objects.get(pk=campaign_id).size == 1
    with pytest.raises(outbox.UnusableCampaign):
        made(live, people=[UUID(int=7)])


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"purpose": "reminder"},
        {"words": {}},
        {"words": {"de": WORDS["en"]}},
        {"words": {"en": {"subject": "Hello", "text": ""}}},
        {"words": {"en": {"subject": "Hello", "text": "Your {price}"}}},
        {"words": {"en": {"subject": "Hello {first_name", "text": "Come"}}},
        {"words": {"en": {"subject": "Hello", "text": HARD}}},
    ],
)
def test_what_cannot_be_sent_is_refused_with_a_reason(live: House, wrong: dict[str, Any]) -> None:
    with pytest.raises(outbox.UnusableCampaign):
        made(live, **wrong)


@pytest.mark.parametrize("name", ["nina", "amal", "ingrid", "marius"])
def test_nobody_but_an_owner_makes_or_starts_a_campaign(live: House, name: str) -> None:
    ready = made(live, "mette")
    with pytest.raises(outbox.NotTheOwner):
        outbox.start_campaign(**given(live, ready, by=live.by(name)))
    new = outbox.NewCampaign("Evening", "offer", WORDS, [live.people["mette"]])
    for somebody in (live.by(name), patient(live.people["mette"]), colleague(UUID(int=7)), PROVIDER):
        with pytest.raises(outbox.NotTheOwner):
            outbox.make_campaign(practice_id=live.id, new=new, by=somebody, now=NOON)
    with scope.transaction(live.id):
        assert [one.started_at for one in Campaign.objects.all()] == [None]
    outbox.start_campaign(**given(live, ready, by=live.by("sofie")))
    outbox.stop_campaign(**given(live, ready, by=live.by(name)))


@pytest.mark.parametrize("tongue", ["en", "nb"])
@pytest.mark.parametrize("channel", ["email", "sms"])
def test_how_to_end_it_stands_in_the_words_and_is_no_word_that_would_hold_them_back(
    tongue: str, channel: str, house: House
) -> None:
    with scope.transaction(house.id):
        practice = Practice.objects.get(pk=house.id)
    told = campaigns.said(practice, WORDS, channel=channel, language=tongue, first_name="Emily", link="")
    assert "STOP" in told.text
    assert practice.name in told.text
    assert not linter.lint(f"{told.subject}\n{told.text}", (practice.name,))


def test_a_rehearsed_campaign_is_not_unfolded_once_the_practice_is_live(house: House) -> None:
    campaign_id = made(house)
    outbox.start_campaign(**given(house, campaign_id))
    from glede.outbox.tests.scenes import make_live

    make_live(house, since=NOON - timedelta(days=2))
    assert outbox.unfold_campaign(**given(house, campaign_id)) == 0
