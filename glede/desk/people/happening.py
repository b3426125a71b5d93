"""What happened to a person, in words: events of the ledger as the rooms they belong to tell them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext

from glede.desk.diary.times import read_uuid
from glede.ledger import registry
from glede.people import queries as people
from glede.staff.queries import colleague_names

WORDED = ("note", "need")
TOLD_ELSEWHERE = (
    "outbox.message.", "inbox.message.", "inbox.reply.", "promises.promise.made", "feedback.",
    "people.question.",
)  # fmt: skip


def told_kinds() -> list[str]:
    """Return the kinds of events that stand in the stream: some room has words for them, and no entry tells them."""
    kinds = {kind for told in registry.handlers("told").values() for kind in told()}
    return sorted(kind for kind in kinds if not kind.startswith(TOLD_ELSEWHERE))


def words_of_all(practice_id: UUID, events: Sequence[Any], name: str) -> list[tuple[str, str]]:
    """Return (words, who did it) of each event about a person called ``name``, in the reader's words."""
    names = colleague_names(practice_id)
    spoken = people.spoken(practice_id, filter(None, (_words_id(event.data) for event in events)))
    return [(_words(event, spoken), _who(event, names, name)) for event in events]


def _words(event: Any, spoken: dict[UUID, str]) -> str:
    words = words_of(event.kind, event.data)
    key = _words_id(event.data)
    wrote = spoken.get(key, "") if key and words else ""
    return f"{words} {gettext('“%(words)s”') % {'words': wrote}}" if wrote else words


def _who(event: Any, names: dict[UUID, str], name: str) -> str:
    machines = {"import": gettext("The list"), "system": "Glede", "provider": "Glede"}
    who = {"patient": name, **machines}.get(event.by.role)
    return str(who or (event.by.id and names.get(event.by.id)) or gettext("A colleague"))


def _words_id(data: dict[str, Any]) -> UUID | None:
    """Return the id of the words behind an event: a note, or a line of what matters."""
    return next((read_uuid(str(data[key])) for key in WORDED if data.get(key)), None)


def words_of(kind: str, data: dict[str, Any]) -> str:
    """Return an event in the reader's words, told by the room it belongs to; "" where nobody tells it."""
    teller = registry.handlers("timeline").get(kind.partition(".")[0])
    if teller is None:
        return ""
    return str(teller(kind, data, (get_language() or "en")[:2]) or "")
