"""A frame in the reader's words: what happened, what the desk owed, why a message came."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from glede.desk.diary.history import moment
from glede.journeys.words import why_words
from glede.outbox.words import CHANNELS
from glede.ui.presenting import Reason

WHO = {
    "kari": _("Kari, 71, calls only"),
    "jonas": _("Jonas, 34, texts"),
    "mette": _("Mette, buys nothing"),
    "tor": _("Tor, unhappy"),
    "per": _("Per, low vision"),
    "emily": _("Emily, reads English"),
}
_DID = {
    "booked": _("A visit is booked"),
    "moved": _("The visit is moved"),
    "confirmed": _("They say they come"),
    "arrived": _("They are here"),
    "done": _("The visit is done"),
    "missed": _("They did not come"),
    "rung": _("A colleague rings"),
    "buys_nothing": _("They buy nothing"),
}
_PROMISES = {
    "answer": _("Answer them"),
    "call": _("Ring them"),
    "recover": _("Put it right"),
    "undelivered": _("Ring them"),
    "move_ok": _("Ask whether the new time suits"),
}
_OTHER = gettext_lazy("Do what we promised")
_TEXTS = {
    "said": _("They write"), "felt": _("You felt"), "desk": _("The desk is asked"), "kept": _("The desk has done it"),
}  # fmt: skip


def what(frame: Mapping[str, Any]) -> str:
    """Return in a few words what happened."""
    if frame["kind"] == "message":
        return gettext("A message comes by %(channel)s") % {"channel": CHANNELS.get(frame["channel"], frame["channel"])}
    if frame["kind"] == "did":
        if frame.get("reached") is False:
            return gettext("A colleague rings, nobody answers")
        return str(_DID.get(frame["what"], frame["what"]))
    if frame["kind"] in {"desk", "kept"}:
        return f"{_TEXTS[frame['kind']]}: {promise(frame['promise'])}"
    return str(_TEXTS[frame["kind"]])


def promise(kind: str) -> str:
    """Return what the desk owes, in words."""
    return str(_PROMISES.get(kind, _OTHER))


def when(frame: Mapping[str, Any], zone: str) -> str:
    """Return when it was."""
    return moment(datetime.fromisoformat(frame["at"]), zone)


def desk_lines(frame: Mapping[str, Any], zone: str, rows: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return what stood on the desk: what, by when, and which row of the journey asked for it."""
    return [
        (promise(one["promise"]), moment(datetime.fromisoformat(one["due"]), zone), rows.get(one["row"], ""))
        for one in frame["desk"]
    ]


def reasons(frames: Sequence[Mapping[str, Any]], rows: Mapping[str, str]) -> list[Reason]:
    """Return why the last message among ``frames`` came, from the row of the journey on; nothing where none came."""
    last = next((one for one in reversed(frames) if one["kind"] == "message"), None)
    if last is None:
        return []
    found = [Reason(gettext("Step"), rows.get(last["row"], last["row"]))]
    found += [Reason(gettext("Why"), words) for words in why_words(last["why"])]
    found.append(Reason(gettext("Channel"), CHANNELS.get(last["channel"], last["channel"]), is_warm=True))
    return found


def thread(frames: Sequence[Mapping[str, Any]], zone: str, most: int) -> list[dict[str, Any]]:
    """Return the last messages on the phone, theirs and ours, oldest first."""
    talk = [one for one in frames if one["kind"] in {"message", "said"} and one.get("text")]
    return [{"text": one["text"], "is_mine": one["kind"] == "said", "at": when(one, zone)} for one in talk[-most:]]
