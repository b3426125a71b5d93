"""What the policy says of each person of a campaign's list, a portion at a time: to show it, and to unfold it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from glede.kernel.gsm import for_sms, sms_segments
from glede.kernel.ref import Ref
from glede.outbox.campaigns import KIND, said
from glede.outbox.composing import Content
from glede.outbox.foresight import Foresight
from glede.outbox.models import Campaign, CampaignPerson
from glede.outbox.operations.foreseeing import Ahead, foresee
from glede.outbox.operations.ways import ways_to
from glede.outbox.rules import Lane, Reason
from glede.outbox.touches import PlannedTouch
from glede.outbox.transports import usable_channels
from glede.people.queries import reach
from glede.people.values import Reach
from glede.practices.models import Practice

GOES_FOR = timedelta(days=7)
"""So long after its hour a campaign's messages may still leave; then they are skipped, and nobody rings."""

NAMED = 5
"""So many people are named for each reason."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One person of the list: their touch, how they may be reached (None for a stranger), and the verdict."""

    touch: PlannedTouch
    reach: Reach | None
    told: Foresight


@dataclass(slots=True)
class Shown:
    """Who would get it and who not, as things stand: channels with how many, reasons with how many and some of them.

    ``parts`` are the parts of all texts, by which providers count.
    """

    size: int = 0
    by_channel: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[UUID]] = field(default_factory=dict)
    waits: int = 0
    parts: int = 0

    @property
    def goes(self) -> int:
        """How many people get it."""
        return sum(self.by_channel.values())


@dataclass(frozen=True, slots=True)
class Judging:
    """A campaign in its practice, judged as of an hour."""

    practice: Practice
    campaign: Campaign
    due_at: datetime
    now: datetime

    def people(self, after: int, portion: int) -> list[Judged]:
        """Return the next people of the list, in a handful of statements however many they are."""
        rows = CampaignPerson.objects.filter(campaign=self.campaign, n__gt=after).order_by("n")
        listed = list(rows.values_list("n", "patient_id")[:portion])
        reached = reach(self.practice.pk, [person for _, person in listed])
        usable = usable_channels(self.practice.pk, live=self.practice.is_live)
        touches = [self._touch(n, person) for n, person in listed]
        ahead = [
            Ahead(
                touch,
                found,
                ways_to(found, self.practice, purpose=self.campaign.purpose, usable=usable),
                self._writer(found),
            )
            for touch in touches
            if (found := reached.get(touch.patient_id)) is not None and not _gone(found)
        ]
        verdicts = foresee(self.practice, ahead, now=self.now)
        told = {one.touch.occurrence: verdict for one, verdict in zip(ahead, verdicts, strict=True)}
        return [
            Judged(t, found, told.get(t.occurrence) or Foresight("deny", (_gone(found),)))
            for t in touches
            for found in [reached.get(t.patient_id)]
        ]

    def count(self, shown: Shown, one: Judged) -> None:
        """Count one person among those who get it, or among those who do not."""
        if one.told.is_denied or one.reach is None:
            reason = one.told.reasons[0]
            shown.left_out[reason] += 1
            named = shown.examples.setdefault(reason, [])
            if len(named) < NAMED:
                named.append(one.touch.patient_id)
            return
        shown.by_channel[one.told.channel] += 1
        shown.waits += one.told.decision == "defer"
        if one.told.channel == "sms":
            shown.parts += sms_segments(for_sms(self._words(one.reach, "sms").text)).parts

    def _touch(self, n: int, person: UUID) -> PlannedTouch:
        return PlannedTouch(
            row=KIND, journey_version=0, subject=Ref(KIND, self.campaign.pk), subject_version=1, occurrence=n,
            patient_id=person, purpose=self.campaign.purpose, lane=Lane.MARKETING.value, due_at=self.due_at,
            late_after=self.due_at + GOES_FOR, why={"when_late": "skip", "campaign": str(self.campaign.pk)},
        )  # fmt: skip

    def _writer(self, reached: Reach) -> Callable[[str], Content]:
        return lambda channel: self._words(reached, channel)

    def _words(self, reached: Reach, channel: str) -> Content:
        first, tongue = reached.given_name, reached.language
        return said(self.practice, self.campaign.words, channel=channel, language=tongue, first_name=first, link="")


def _gone(found: Reach | None) -> str:
    """Return why somebody is not to be asked about at all; "" where they are."""
    if found is None or found.is_erased:
        return Reason.ERASED.value
    if found.deceased:
        return Reason.DECEASED.value
    return Reason.MERGED.value if found.merged_into is not None else ""
