"""Which state a visit's changes amount to, in the order in which they happened. Pure."""

from collections.abc import Iterable, Mapping

from glede.diary.rules import Change, State, target


def fold(changes: Iterable[tuple[str, Mapping[str, object]]]) -> State | None:
    """Return the state that a visit's changes, in order, amount to; None where there is none.

    Each is the last word of an event's kind and its data. What a list brought names its state. What is taken back
    leads to the state before the one it was in.
    """
    states: list[State] = []
    for word, data in changes:
        change = Change(word)
        if change == Change.TAKEN_BACK:
            states = states[:-1] or [State.BOOKED]
            continue
        if change == Change.IMPORTED:
            state = State(str(data["state"]))
        elif change == Change.BOOKED:
            state = State.BOOKED
        else:
            state = target(change, states[-1] if states else State.BOOKED)
        if states[-1:] != [state]:
            states.append(state)
    return states[-1] if states else None
