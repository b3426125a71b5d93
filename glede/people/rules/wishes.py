"""How a person wishes to be reached, put together from what they said before and now."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from glede.people.rules.reaching import GROUPS
from glede.people.values import CHANNELS, Preference, Wishes

WEEKDAYS = range(7)


class UnreadableWish(ValueError):
    """A wish names no channel, no weekday, or hours that do not go forward; the message says which."""


def wished(before: Preference, wishes: Wishes) -> Preference:
    """Return the wishes in force after ``wishes``; what it leaves as None stays. Raises ``UnreadableWish``."""
    _check(wishes)
    after = before
    if wishes.channels is not None:
        after = replace(after, channels=tuple(dict.fromkeys(wishes.channels)))
    if wishes.channels_for is not None:
        ranked = {group: tuple(dict.fromkeys(order)) for group, order in wishes.channels_for.items() if order}
        after = replace(after, channels_for=ranked)
    if wishes.days is not None:
        after = replace(after, days=tuple(sorted(set(wishes.days))))
    if wishes.hours is not None:
        begins, ends = (None, None) if wishes.hours == "any" else wishes.hours
        after = replace(after, hours_from=begins, hours_to=ends)
    if wishes.pause_until is not None:
        after = replace(after, pause_until=None if wishes.pause_until == "none" else wishes.pause_until)
    if wishes.quiet_all is not None:
        after = replace(after, quiet_all=wishes.quiet_all)
    if wishes.preparation_by_text is not None:
        after = replace(after, preparation_by_text=wishes.preparation_by_text)
    return after


def as_preference(held: Mapping[str, object]) -> Preference:
    """Return the wishes that a row's columns hold; of no row, no wishes."""
    values: dict[str, Any] = {f.name: held[f.name] for f in fields(Preference) if f.name in held}
    for name in ("channels", "days"):
        values[name] = tuple(values.get(name, ()))
    values["channels_for"] = {group: tuple(order) for group, order in values.get("channels_for", {}).items()}
    return Preference(**values)


def changed(before: Preference, after: Preference) -> list[str]:
    """Return the names of the wishes that differ."""
    return [f.name for f in fields(Preference) if getattr(before, f.name) != getattr(after, f.name)]


def _check(wishes: Wishes) -> None:
    ranked = wishes.channels_for or {}
    if strange := ranked.keys() - GROUPS.keys():
        raise UnreadableWish(f"no kind of message: {', '.join(sorted(strange))}")
    if unknown := {*(wishes.channels or ()), *(c for order in ranked.values() for c in order)} - set(CHANNELS):
        raise UnreadableWish(f"no channel: {', '.join(sorted(unknown))}")
    if any(day not in WEEKDAYS for day in wishes.days or ()):
        raise UnreadableWish("days are 0 (Monday) to 6")
    if isinstance(wishes.hours, tuple) and wishes.hours[0] >= wishes.hours[1]:
        raise UnreadableWish("hours go forward")
