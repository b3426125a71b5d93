"""From consent events to what is in force (docs/rules.md#consent)."""

from collections.abc import Iterable, Iterator

from glede.people.values import CHANNELS, EVERY_CHANNEL, Channel, ConsentFact, ConsentState, Scope

WITHDRAWALS = frozenset({"withdraw", "object"})
GRANTS = frozenset({"grant", "soft_optin_recorded", "import"})
ALL, MARKETING = "all", "marketing"
# How an address came to the practice: proof, and no permission of anything.
CONTACT = "contact"
# What "no marketing" takes with it: we count greetings and review requests as marketing everywhere (our choice).
MARKETING_PURPOSES = frozenset({MARKETING, "offer", "review", "greeting", "newsletter", "survey"})
SCOPES: tuple[Scope, ...] = ("marketing", "all")

_Key = tuple[str, Channel]


def consent_states(facts: Iterable[ConsentFact]) -> tuple[ConsentState, ...]:
    """Return what is in force for each purpose and channel, the most restrictive reading winning.

    A withdrawal or objection beats whatever came before it and whatever came at the same moment, and
    takes the narrower purposes with it. Only a later grant by the person for that very purpose lifts
    it; a soft opt-in or an import never does. A grant ends by expiry. An end by ``valid_until`` is left
    to who asks, since it depends on the moment of asking.
    """
    now: dict[_Key, ConsentState] = {}
    for fact in sorted(facts, key=_restrictive_last):
        if fact.action in WITHDRAWALS:
            _withdraw(now, fact)
        elif fact.purpose == CONTACT:
            continue
        elif fact.action in GRANTS:
            _grant(now, fact)
        else:
            _expire(now, fact)
    return tuple(_joined(now))


def opted_out(states: Iterable[ConsentState]) -> frozenset[tuple[Channel, Scope]]:
    """Return the (channel, scope) pairs that are refused; ("*", scope) is every channel, those to come too."""
    return frozenset((s.channel, scope) for s in states for scope in SCOPES if s.purpose == scope and not s.is_given)


def has_refused(refused: frozenset[tuple[Channel, Scope]], channel: Channel, scope: Scope) -> bool:
    """Return True where ``scope`` is refused on ``channel``; who refuses all refuses marketing too."""
    scopes = {scope, ALL}
    return any((c, s) in refused for c in (channel, EVERY_CHANNEL) for s in scopes)


def _restrictive_last(fact: ConsentFact) -> tuple[object, ...]:
    """Return by what events are sorted: of one moment what allows least goes last, a soft opt-in after a grant, the
    sooner end after the later.
    """
    how = 2 if fact.action in WITHDRAWALS else 1 if fact.action == "expire" else 0
    until = fact.valid_until.timestamp() if fact.valid_until else float("inf")
    said = (fact.action, -until, fact.legal_basis, fact.jurisdiction)
    return fact.at, how, fact.purpose, fact.channel, *said


def _keys(fact: ConsentFact) -> Iterator[_Key]:
    channels = (*CHANNELS, EVERY_CHANNEL) if fact.channel == EVERY_CHANNEL else (fact.channel,)
    return ((fact.purpose, channel) for channel in channels)


def _state(fact: ConsentFact, channel: Channel, purpose: str, *, is_given: bool) -> ConsentState:
    return ConsentState(
        purpose=purpose,
        channel=channel,
        is_given=is_given,
        action=fact.action,
        at=fact.at,
        legal_basis=fact.legal_basis,
        jurisdiction=fact.jurisdiction,
        valid_until=fact.valid_until if is_given else None,
    )


def _withdraw(now: dict[_Key, ConsentState], fact: ConsentFact) -> None:
    for purpose, channel in _keys(fact):
        now[purpose, channel] = _state(fact, channel, purpose, is_given=False)
        for other, state in list(now.items()):
            if other[1] == channel and state.is_given and _takes_with_it(purpose, other[0]):
                now[other] = _state(fact, channel, other[0], is_given=False)


def _takes_with_it(wide: str, narrow: str) -> bool:
    return wide == ALL or (wide == MARKETING and narrow in MARKETING_PURPOSES)


def _grant(now: dict[_Key, ConsentState], fact: ConsentFact) -> None:
    for key in _keys(fact):
        held = now.get(key)
        if held is None or held.is_given or fact.action == "grant":
            now[key] = _state(fact, key[1], key[0], is_given=True)


def _expire(now: dict[_Key, ConsentState], fact: ConsentFact) -> None:
    for key in _keys(fact):
        held = now.get(key)
        if held is not None and held.is_given:
            del now[key]


def _joined(now: dict[_Key, ConsentState]) -> Iterator[ConsentState]:
    for purpose in sorted({key[0] for key in now}):
        states = {channel: state for (held, channel), state in now.items() if held == purpose}
        whole = states.pop(EVERY_CHANNEL, None)
        same = [s for s in states.values() if whole is not None and _same(s, whole)]
        if whole is not None and len(same) == len(CHANNELS):
            yield whole
            continue
        yield from (states[channel] for channel in sorted(states))


def _same(one: ConsentState, other: ConsentState) -> bool:
    return (one.is_given, one.valid_until) == (other.is_given, other.valid_until)
