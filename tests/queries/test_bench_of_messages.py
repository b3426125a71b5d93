"""The benches of a campaign, of call-backs and of journeys run small, and count everybody."""

import pytest

from glede.config.benches import campaigning, hooking, journeying


@pytest.mark.slow
def test_a_campaign_is_unfolded_to_the_last_while_reminders_leave(own_database: str, settings) -> None:
    settings.GLEDE_SMTP_URL = ""
    told = campaigning.measure(people=30, seconds=0.3)
    assert (told["people"], told["reminders"], told["reminders_left"]) == (30, 3, 3)
    assert told["figure"] >= 0
    assert told["limit"] >= 0
    assert {"late_p50_seconds", "late_most_seconds", "sent_a_second", "memory_mb", "ok"} <= set(told)


@pytest.mark.slow
def test_every_call_of_a_provider_is_kept(own_database: str) -> None:
    told = hooking.measure(seconds=1)
    assert (told["calls"], told["kept"], told["lost"], told["refused"]) == (100, 100, 0, [])
    assert told["p50"] <= told["figure"]


@pytest.mark.slow
def test_journeys_plan_for_whoever_falls_due_while_many_walk_one(own_database: str) -> None:
    told = journeying.measure(enrolled=200)
    assert told["rows"] == {"outbox_touch": 40, "outbox_message": 40, "journeys_enrolment": 20}
    assert (told["enrolled"], told["due"]) == ([20, 200, 400], 20)
    assert len(told["idle_tick_ms"]) == len(told["memory_mb"]) == 3
    assert told["ratio"] > 0
