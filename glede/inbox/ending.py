"""End the promise of an answer: kept in time, or broken with its cause. The answer is there either way."""

from glede.inbox import closing
from glede.kernel.ref import Ref
from glede.ledger.operations import Act
from glede.promises.operations import Ending, end_promise
from glede.promises.queries import Owed, last_handed


def end_answer(answering: Act, owed: Owed, evidence: Ref, reason: str) -> None:
    """Close the promise ``owed``: kept for ``reason``, or, past its time, broken because of what held it up."""
    practice_id = answering.practice_id
    if answering.now <= owed.due_at:
        ending = Ending("kept", evidence, reason)
    else:
        ending = Ending("broken", evidence, closing.why_late(last_handed(practice_id, [owed.id]).get(owed.id)))
    end_promise(practice_id=practice_id, promise_id=owed.id, ending=ending, by=answering.by, now=answering.now)
