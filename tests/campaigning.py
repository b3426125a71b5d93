"""Campaigns among the operations that are run once: made, started, unfolded, stopped, and what was left of it ended."""

from glede.kernel.actor import SYSTEM
from glede.outbox import operations as outbox
from glede.outbox.models import Campaign
from glede.practices import scope
from tests.estate import Estate
from tests.scenery import Given, Scene

WORDS = {"en": {"subject": "An evening with us", "text": "Dear {first_name}, come and see us."}}


def _new(estate: Estate) -> outbox.NewCampaign:
    return outbox.NewCampaign("Evening", "offer", WORDS, [estate.ids["patient_id"]])


def _made(estate: Estate) -> None:
    made = outbox.make_campaign(practice_id=estate.house.id, new=_new(estate), by=SYSTEM, now=estate.house.now)
    estate.ids["campaign_id"] = made.pk


def _about(estate: Estate) -> Given:
    return {"campaign_id": estate.ids["campaign_id"]}


def _told(estate: Estate) -> Given:
    return {"practice_id": estate.house.id, "by": SYSTEM, "now": estate.house.now, **_about(estate)}


def _started(estate: Estate) -> None:
    _made(estate)
    outbox.start_campaign(**_told(estate))


def _unfolded(estate: Estate) -> None:
    _started(estate)
    outbox.unfold_campaign(**_told(estate))


def _stopped_and_killed(estate: Estate) -> None:
    _unfolded(estate)
    with scope.transaction(estate.house.id):
        Campaign.objects.filter(pk=estate.ids["campaign_id"]).update(stopped_at=estate.house.now)


SCENES = {
    "outbox.make_campaign": Scene(lambda e: {"new": _new(e)}),
    "outbox.start_campaign": Scene(_about, _made),
    "outbox.unfold_campaign": Scene(_about, _started),
    "outbox.unfold_all": Scene(lambda _: {}, _started),
    "outbox.stop_campaign": Scene(_about, _unfolded),
    "outbox.end_stopped": Scene(_about, _stopped_and_killed),
}
