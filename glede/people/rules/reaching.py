"""Over which channels a person can be tried, and in which order."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from glede.people.values import Channel, Contact

USUAL: tuple[Channel, ...] = ("sms", "email", "call")
CALLS_FIRST: tuple[Channel, ...] = ("call",)
GROUPS: dict[str, frozenset[str]] = {
    "visits": frozenset({"booking", "reminder", "previsit", "acknowledgement", "order_ready"}),
    "answers": frozenset({"reply"}),
    "care": frozenset({"aftercare", "recall", "thanks"}),
    "news": frozenset({"survey", "review", "referrer_thanks", "greeting", "offer", "winback", "third_party"}),
}
"""What a person may rank channels for by itself, and the purposes of messages that belong to it."""


def channels_to_try(
    wished: Sequence[Channel], style: str, contacts: Iterable[Contact], closed: Collection[Channel] = ()
) -> tuple[Channel, ...]:
    """Return the channels a person has an address for, in their order, without those ``closed`` to them.

    Who named channels is tried on no other. Who named none but wishes to be called is called; everybody
    else is tried by text, e-mail and call. Empty where there is no address at all.
    """
    order = tuple(wished) or (CALLS_FIRST if style == "call" else USUAL)
    held = list(contacts)
    usable = (channel for channel in order if any(carries(contact, channel) for contact in held))
    return tuple(channel for channel in usable if channel not in closed)


def cannot_be_written_to(contacts: Iterable[Contact], closed: Collection[Channel]) -> bool:
    """Return whether a person can use nothing that could be written to them; False where no address is known at all."""
    written = {way for contact in contacts for way in ("sms", "email") if carries(contact, way)}
    return written <= set(closed) and (bool(written) or {"sms", "email"} <= set(closed))


def group_of(purpose: str) -> str:
    """Return the group a purpose belongs to, "" for one that nobody ranks channels for (words for their safety)."""
    return next((group for group, purposes in GROUPS.items() if purpose in purposes), "")


def by_kind(first: Mapping[str, str], usual: Sequence[Channel]) -> dict[str, tuple[Channel, ...]]:
    """Return the order of channels of each kind of message that one was named for: that one, then the usual ones."""
    return {group: tuple(dict.fromkeys([channel, *usual])) for group, channel in first.items() if channel}


def carries(contact: Contact, channel: Channel) -> bool:
    """Return True where ``channel`` can use this address."""
    if channel == "email":
        return contact.kind == "email"
    if channel == "call":
        return contact.kind == "phone"
    return channel in {"sms", "whatsapp"} and contact.kind == "phone" and contact.takes_texts


def likes_calls(wished: Sequence[Channel], style: str) -> bool:
    """Return True for one who wishes to be called rather than written to."""
    return style == "call" or tuple(wished[:1]) == CALLS_FIRST
