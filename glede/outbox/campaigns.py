"""The words of a campaign for one person: places filled, the sender named, and how to hear no more of it.

Not legal advice: what the words of an advertisement must hold is told by the policy's data (docs/messages.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When

from glede.outbox.composing import Content, Draft
from glede.outbox.foresight import FORESEEN
from glede.outbox.models import Campaign, Message
from glede.outbox.rules import PENDING, WENT, Lane, Reason, State
from glede.outbox.unsubscribing import unsubscribe_url
from glede.people.queries import names
from glede.practices import scope
from glede.practices.models import Practice

KIND = "campaign"
"""The subject of a campaign's touches, and the row they stand in."""

WILL_NOT_GO = "will_not_go"
"""Beside the states of messages: waits still, and the policy has foreseen that it may not go."""

DENIED = Q(state__in=PENDING, **{f"touch__why__{FORESEEN}__decision": "deny"})

PURPOSES = ("offer", "greeting", "winback")
PLACES = ("{first_name}", "{practice}")
_ENDS = {
    "en": {
        "link": "You get this because you said yes to news from us. No more of it: {link}",
        "word": "STOP = no more texts",
        "answer": "You get this because you said yes to news from us. Write STOP to us and it ends.",
        "notice": "This is an advertisement.",
        "somebody": "you",
    },
    "nb": {
        "link": "Du får dette fordi du har sagt ja til nytt fra oss. Vil du ikke ha mer: {link}",
        "word": "STOP = ingen flere SMS",
        "answer": "Du får dette fordi du har sagt ja til nytt fra oss. Skriv STOP til oss, så er det slutt.",
        "notice": "Dette er reklame.",
        "somebody": "deg",
    },
}


def write(practice_id: UUID, drafts: Sequence[Draft], now: datetime) -> Mapping[UUID, Content]:
    """Return the words of each draft. Whoever was joined with another record is left out: the other has their own."""
    practice = Practice.objects.get(pk=practice_id)
    campaigns = {c.pk: c for c in Campaign.objects.filter(pk__in={d.subject.id for d in drafts})}
    known = names(practice_id, [d.patient_id for d in drafts])
    links = links_to_end(practice, [d.touch_id for d in drafts])
    found = {}
    for draft in drafts:
        campaign, person = campaigns.get(draft.subject.id), known.get(draft.patient_id)
        if campaign is None or person is None:
            continue
        if person.merged_into is not None:
            found[draft.touch_id] = Content("", "", silence=Reason.MERGED.value)
        else:
            found[draft.touch_id] = said(
                practice,
                campaign.words,
                channel=draft.channel,
                language=draft.language,
                first_name=person.given_name,
                link=links.get(draft.touch_id, ""),
            )
    return found


def said(
    practice: Practice, words: Mapping[str, Any], *, channel: str, language: str, first_name: str, link: str
) -> Content:
    """Return one person's copy. ``link`` is where one press ends it, "" where the practice has no public address."""
    tongue = tongue_of(words, language)
    told, ends = words[tongue], _ENDS[tongue]
    values = {"first_name": first_name or ends["somebody"], "practice": practice.name}
    text, end = _filled(told["text"], values), ending(practice, channel=channel, language=tongue, link=link)
    if channel != "email":
        return Content("", f"{text}\n{practice.name}\n{end}")
    foot = [practice.name, *([practice.address] if practice.address else []), end]
    return Content(_filled(told["subject"], values), f"{text}\n\n" + "\n".join(foot))


def ending(practice: Practice, *, channel: str, language: str, link: str) -> str:
    """Return how somebody who said yes to it hears no more of it: by a press where ``link`` leads, else by a word."""
    ends = _ENDS["nb" if language[:2] in {"nb", "nn", "no"} else "en"]
    if channel != "email":
        return ends["word"]
    notice = f"{ends['notice']}\n" if practice.country == "US" else ""
    return notice + (ends["link"].format(link=link) if link else ends["answer"])


def links_to_end(practice: Practice, touch_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return by touch where one press ends messages like its own, "" where the practice has no public address."""
    rows = Message.objects.filter(practice_id=practice.pk, touch_id__in=list(touch_ids), state__in=PENDING)
    return {touch: unsubscribe_url(practice, message) for touch, message in rows.values_list("touch_id", "pk")}


def tongue_of(words: Mapping[str, Any], language: str) -> str:
    """Return in which of the languages a campaign is written somebody gets it: theirs, else the first."""
    own = "nb" if language[:2] in {"nb", "nn", "no"} else "en"
    return own if own in words else min(words)


def _filled(text: str, values: Mapping[str, str]) -> str:
    for place, value in values.items():
        text = text.replace(f"{{{place}}}", value)
    return text


@dataclass(frozen=True, slots=True)
class Line:
    """A campaign as it stands: its list, how many are unfolded, and what became of them by the words of the board."""

    id: UUID
    name: str
    purpose: str
    size: int
    expanded: int
    made_at: datetime
    due_at: datetime | None
    started_at: datetime | None
    stopped_at: datetime | None
    states: dict[str, int]
    words: Mapping[str, Mapping[str, str]]

    @property
    def waiting(self) -> int:
        """How many may still leave: those that are not unfolded yet, and those that wait."""
        unfolds = self.size - self.expanded if self.started_at and not self.stopped_at else 0
        return unfolds + sum(n for state, n in self.states.items() if state in {*PENDING, WILL_NOT_GO})

    @property
    def left(self) -> int:
        """How many have left, or are leaving, as far as anybody knows."""
        return sum(n for state, n in self.states.items() if state in {*WENT, State.SENDING, State.UNKNOWN})


def listed(practice_id: UUID) -> list[Line]:
    """Return the practice's campaigns, newest first, each with its messages by state."""
    with scope.transaction(practice_id):
        return _lines(list(Campaign.objects.order_by("-made_at", "-id")[:100]))


def line_of(practice_id: UUID, campaign_id: UUID) -> Line | None:
    """Return one campaign as it stands, or None."""
    with scope.transaction(practice_id):
        return next(iter(_lines(list(Campaign.objects.filter(pk=campaign_id)))), None)


def not_sent(practice_id: UUID, campaign_id: UUID) -> list[tuple[str, int]]:
    """Return for which reasons messages of a campaign do not leave or did not arrive, the commonest first.

    Of those that wait, what the policy has foreseen counts.
    """
    with scope.transaction(practice_id):
        mine = Message.objects.filter(touch__subject_kind=KIND, touch__subject_id=campaign_id, n=1)
        ended = mine.filter(state__in=[State.SKIPPED, State.FAILED]).values_list("reason")
        first = f"touch__why__{FORESEEN}__reasons__0"
        waiting = mine.filter(DENIED).values_list(first)
        found: Counter[str] = Counter()
        for rows in (ended, waiting):
            for reason, many in rows.annotate(many=Count("id")):
                found[str(reason or "policy")] += many
        return sorted(found.items(), key=lambda row: (-row[1], row[0]))


def _lines(rows: Sequence[Campaign]) -> list[Line]:
    counted = Message.objects.filter(touch__subject_kind=KIND, touch__subject_id__in=[c.pk for c in rows], n=1)
    states: dict[UUID, dict[str, int]] = {}
    told = counted.annotate(told=Case(When(DENIED, then=Value(WILL_NOT_GO)), default=F("state")))
    for own, state, n in told.values_list("touch__subject_id", "told").annotate(many=Count("id")):
        states.setdefault(own, {})[state] = n
    return [
        Line(
            c.pk, c.name, c.purpose, c.size, c.expanded, c.made_at, c.due_at, c.started_at, c.stopped_at,
            states.get(c.pk, {}), c.words,
        )
        for c in rows
    ]  # fmt: skip


def under_way(practice_id: UUID) -> list[UUID]:
    """Return the campaigns that are not wholly unfolded, and the stopped ones with messages that still wait."""
    with scope.transaction(practice_id):
        live = Practice.objects.get(pk=practice_id).is_live
        started = Campaign.objects.filter(started_at__isnull=False, live=live)
        going = started.filter(stopped_at=None, expanded__lt=F("size")).values_list("pk", flat=True)
        waiting = Message.objects.filter(
            touch__subject_kind=KIND, touch__subject_id=OuterRef("pk"), lane=Lane.MARKETING, state__in=PENDING
        )
        ending = started.filter(Exists(waiting), stopped_at__isnull=False).values_list("pk", flat=True)
        return [*going, *ending]
