"""A campaign: made, shown, started by a person, unfolded in portions, stopped as a whole.

Unfolding is one transaction a portion that also moves the campaign's own number on: whoever is killed amid it has
unfolded a portion or none of it, and the next goes on there. A stopped campaign's subject has another version, so that
no claim lets one of its messages go from that commit on, however many still wait to be ended.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from glede.kernel.actor import Actor
from glede.kernel.failpoints import fp, guard
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.outbox import events
from glede.outbox.campaigns import KIND, under_way
from glede.outbox.foresight import FORESEEN
from glede.outbox.models import Campaign, CampaignPerson, Message
from glede.outbox.operations.advertising import MOST, NewCampaign, UnusableCampaign, check_campaign, check_owner
from glede.outbox.operations.judging import Judging, Shown
from glede.outbox.operations.planning import SEND, end_messages, write_touches
from glede.outbox.rules import PENDING, Fate, Lane, Reason
from glede.people.queries import reach
from glede.people.values import Reach
from glede.practices import scope
from glede.practices.models import Practice

UNFOLD = "outbox.unfold"
PORTION = 500
"""So many people a transaction, so that a portion is done in less than a second and its events are under a thousand."""


class NoSuchCampaign(LookupError):
    """There is no such campaign in this practice."""


class NotInThisState(Exception):
    """It has been started already, or was stopped."""


def make_campaign(*, practice_id: UUID, new: NewCampaign, by: Actor, now: datetime) -> Campaign:
    """Keep a campaign and its list. Nothing is planned yet. Raises ``UnusableCampaign`` and ``NotTheOwner``.

    Records that were joined with another, people named twice and strangers are left out of the list.
    """
    check_campaign(new)
    with act(practice_id, by=by, now=now) as this:
        check_owner(practice_id, by)
        known: dict[UUID, None] = {}
        wanted = list(dict.fromkeys(new.people))
        for start in range(0, len(wanted), PORTION):
            reached = reach(practice_id, wanted[start : start + PORTION])
            known |= dict.fromkeys(_head(reached[i]) for i in wanted[start : start + PORTION] if i in reached)
        if not known:
            raise UnusableCampaign("Nobody the practice knows is on the list.", "people")
        campaign = Campaign.objects.create(
            practice_id=practice_id,
            name=new.name.strip(),
            purpose=new.purpose,
            words={tongue: dict(told) for tongue, told in new.words.items()},
            size=len(known),
            made_at=now,
        )
        rows = [
            CampaignPerson(practice_id=practice_id, campaign=campaign, n=n, patient_id=person)
            for n, person in enumerate(known, start=1)
        ]
        CampaignPerson.objects.bulk_create(rows, batch_size=5000)
        this.lock(Ref(KIND, campaign.pk))
        _tell(this, events.CAMPAIGN_MADE, campaign)
    return campaign


def _head(found: Reach) -> UUID:
    return found.merged_into or found.patient_id


def show_campaign(
    *, practice_id: UUID, campaign_id: UUID, due_at: datetime | None = None, most: int = MOST, now: datetime
) -> Shown:
    """Return who would get it at an hour, now where none is given, and who not and why. Writes nothing.

    Only the first ``most`` people of the list are asked about; ``Shown.size`` says how many that were.
    """
    with scope.transaction(practice_id):
        campaign, practice = _found(campaign_id), Practice.objects.get(pk=practice_id)
        _fit_for(practice)
        shown = Shown(size=min(campaign.size, most))
        due = campaign.due_at or due_at or now
        judging = Judging(practice, campaign, due, now)
        for start in range(0, shown.size, PORTION):
            for one in judging.people(start, min(PORTION, shown.size - start)):
                judging.count(shown, one)
    return shown


def start_campaign(
    *, practice_id: UUID, campaign_id: UUID, due_at: datetime | None = None, by: Actor, now: datetime
) -> Campaign:
    """Let a campaign go at an hour, at once where none is given.

    Raises ``NotTheOwner``, ``NotInThisState`` and ``UnusableCampaign``.
    """
    with act(practice_id, by=by, now=now) as this:
        check_owner(practice_id, by)
        this.lock(Ref(KIND, campaign_id))
        campaign, practice = _found(campaign_id, lock=True), Practice.objects.get(pk=practice_id)
        _fit_for(practice)
        if campaign.started_at is not None or campaign.stopped_at is not None:
            raise NotInThisState(campaign.name)
        campaign.started_at, campaign.due_at, campaign.live = now, max(due_at or now, now), practice.is_live
        campaign.save(update_fields=["started_at", "due_at", "live"])
        _tell(this, events.CAMPAIGN_STARTED, campaign)
        this.wake(UNFOLD)
    return campaign


def _fit_for(practice: Practice) -> None:
    if practice.country == "US" and not practice.address:
        raise UnusableCampaign(
            "In the USA an advertisement names the practice's postal address: write it in Settings.", "address"
        )


def unfold_campaign(*, practice_id: UUID, campaign_id: UUID, by: Actor, now: datetime, portion: int = PORTION) -> int:
    """Plan the next people's messages, each judged by the policy; return how many people are left to unfold.

    Whoever may not get it has their touch too, with the reason: the claim ends it. Nothing is unfolded of a campaign
    that was stopped, nor of a rehearsed one once the practice is live. Any number may do it at once: they take turns.
    """
    with act(practice_id, by=by, now=now) as this:
        this.lock(Ref(KIND, campaign_id))
        campaign, practice = _found(campaign_id, lock=True), Practice.objects.get(pk=practice_id)
        if campaign.due_at is None or campaign.stopped_at is not None or campaign.live != practice.is_live:
            return 0
        touches = [
            replace(one.touch, channel=one.told.channel, why={**one.touch.why, FORESEEN: one.told.as_json()})
            for one in Judging(practice, campaign, campaign.due_at, now).people(campaign.expanded, portion)
        ]
        if touches:
            write_touches(practice_id, touches, live=campaign.live, now=now)
            fp("unfold.before_commit")
            campaign.expanded += len(touches)
            if guard("unfolded"):
                campaign.save(update_fields=["expanded"])
            _tell(this, events.CAMPAIGN_UNFOLDED, campaign, n=campaign.expanded)
            if campaign.due_at <= now:
                this.wake(SEND, lane=Lane.MARKETING.value)
    return campaign.size - campaign.expanded


def unfold_all(*, practice_id: UUID, by: Actor, now: datetime) -> None:
    """Unfold every campaign that is under way, to its end, for a practice whose clock is moved by hand."""
    for campaign_id in under_way(practice_id):
        while unfold_campaign(practice_id=practice_id, campaign_id=campaign_id, by=by, now=now):
            pass


def stop_campaign(*, practice_id: UUID, campaign_id: UUID, by: Actor, now: datetime) -> int:
    """Stop a campaign for good: nothing of it leaves from the first commit on; return how many messages it ended.

    Anybody may: less may always be sent. What is on the line at that moment leaves. Pressed again it ends what a
    killed run left, and changes nothing more.
    """
    with act(practice_id, by=by, now=now) as this:
        this.lock(Ref(KIND, campaign_id))
        campaign = _found(campaign_id, lock=True)
        if campaign.stopped_at is None:
            campaign.stopped_at = now
            campaign.save(update_fields=["stopped_at"])
            _tell(this, events.CAMPAIGN_STOPPED, campaign, moot=guard("campaign_stop"))
    fp("stop_campaign.after_commit")
    return end_stopped(practice_id=practice_id, campaign_id=campaign_id, by=by, now=now)


def end_stopped(*, practice_id: UUID, campaign_id: UUID, by: Actor, now: datetime, portions: int = MOST) -> int:
    """End what a stopped campaign still has waiting, a portion a transaction; return how many messages it ended."""
    ended = 0
    for _ in range(portions):
        with act(practice_id, by=by, now=now) as this:
            if _found(campaign_id).stopped_at is None:
                return ended
            some = list(_waiting(campaign_id)[:PORTION])
            end_messages(this, some, Reason.STOPPED, now, events.STOPPED)
        ended += len(some)
        if len(some) < PORTION:
            break
    return ended


def _waiting(campaign_id: UUID) -> QuerySet[Message]:
    rows = Message.objects.filter(
        touch__subject_id=campaign_id, touch__subject_kind=KIND, touch__fate=Fate.OPEN, state__in=PENDING
    )
    return rows.select_for_update(of=("self",), no_key=True).select_related("touch").order_by("id")


def _found(campaign_id: UUID, *, lock: bool = False) -> Campaign:
    rows = Campaign.objects.select_for_update() if lock else Campaign.objects.all()
    campaign = rows.filter(pk=campaign_id).first()
    if campaign is None:
        raise NoSuchCampaign(str(campaign_id))
    return campaign


def _tell(this: Any, kind: str, campaign: Campaign, *, moot: bool = False, **more: Any) -> None:
    data = {"purpose": campaign.purpose, "people": campaign.size, **more}
    this.record(kind, subject=Ref(KIND, campaign.pk), data=data, moot=moot)
