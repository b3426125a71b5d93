"""Give a message the practice's own words, or ours again: always another row, never one that was sent from."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from glede.journeys import events, versions
from glede.journeys.document import Spot
from glede.journeys.easy import too_hard
from glede.journeys.models import Wording
from glede.journeys.wording import Words, faults, missing
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.outbox.linter import lint
from glede.practices.operations import NoSuchChange, change_to_undo, record_change

PREFIX = "wording:"


class NoSuchWording(LookupError):
    """No message of the journey stands there."""


class WordingRefused(ValueError):
    """Words that cannot be sent; ``problems`` say which style holds what, as (style, code)."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{style}: {code}" for style, code in problems))
        self.problems = problems


def problems_of(words: Words, channel: str, language: str, purpose: str = "") -> list[tuple[str, str]]:
    """Return everything that keeps words from being sent, as (style, code): unknown places, what a message needs,
    what no message may hold (``outbox.linter``), and a sentence that is too hard to read in ``language``. An e-mail
    needs a subject line.
    """
    found = []
    for style, text in (("short", words.short), ("friendly", words.friendly)):
        found += [(style, code) for code in faults(text)]
        found += [(style, f"needs:{place}") for place in missing(text, purpose)]
        found += [(style, f"lint:{one.kind.value}:{one.word}") for one in lint(text)]
        hard = too_hard(text, language)
        found += [(style, f"hard:{language}:{hard}")] if hard else []
    if channel == "email":
        found += [("subject", code) for code in faults(words.subject)]
        found += [("subject", f"lint:{one.kind.value}:{one.word}") for one in lint(words.subject)]
        found += [] if words.subject else [("subject", "empty")]
    return found


def set_wording(
    *, practice_id: UUID, spot: Spot, words: Words | None, undoes: UUID | None = None, by: Actor, now: datetime
) -> UUID | None:
    """Let a message say ``words`` from now on, None for ours; return the change, None where it says them already.

    What has not left yet is said in them: words are put together at the moment of sending. Raises ``WordingRefused``
    and ``NoSuchWording``.
    """
    subject = Ref("practice", practice_id)
    with act(practice_id, by=by, now=now) as changing:
        changing.lock(subject)
        purpose = _purpose(practice_id, spot)
        problems = problems_of(words, spot.channel, spot.language, purpose) if words else []
        if problems:
            raise WordingRefused(problems)
        before = versions.own_words(practice_id).get(spot)
        if before == words:
            return None
        rows = Wording.objects.filter(practice_id=practice_id, **asdict(spot))
        last = rows.aggregate(last=Max("number"))["last"] or 0
        said = {"is_ours": True} if words is None else asdict(words)
        Wording.objects.create(practice_id=practice_id, **asdict(spot), **said, number=last + 1, made_at=now)
        key = PREFIX + ":".join((spot.row, spot.variant, spot.language, spot.channel))
        return record_change(
            changing, subject, events.WORDING_CHANGED, before={key: _plain(before)}, after={key: _plain(words)},
            undoes=undoes, data={**asdict(spot), "own": words is not None},
        )  # fmt: skip


def undo_wording(*, practice_id: UUID, change_id: UUID, by: Actor, now: datetime) -> UUID | None:
    """Let a message say again what it said before a change. Raises ``NoSuchChange``, ``ChangedSince``."""
    with act(practice_id, by=by, now=now) as undoing:
        change = change_to_undo(undoing, change_id)
        if not all(key.startswith(PREFIX) for key in change.before):
            raise NoSuchChange(str(change_id))
        ((key, said),) = change.before.items()
        spot, words = Spot(*key.removeprefix(PREFIX).split(":")), Words(**said) if said else None
        return set_wording(practice_id=practice_id, spot=spot, words=words, undoes=change_id, by=by, now=now)


def _purpose(practice_id: UUID, spot: Spot) -> str:
    known = versions.documents(practice_id)
    row = known[max(known)].row(spot.row)
    if row is None or (spot.variant, spot.language, spot.channel) not in row.wording:
        raise NoSuchWording(str(spot))
    return row.purpose


def _plain(words: Words | None) -> dict[str, Any] | None:
    return None if words is None else asdict(words)
