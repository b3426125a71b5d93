"""On what ground in law a message would stand: each code of docs/rules.md as a question to the consents."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from glede.outbox.policy.book import CODES, Edition
from glede.outbox.policy.question import EVERY_CHANNEL, Consent, ConsentKind, Origin, Question
from glede.outbox.policy.vocabulary import SERVICE_BASES, TEXT_CHANNELS, Basis, Channel, Purpose, Reason

EXPRESS: Final = frozenset({ConsentKind.OPT_IN, ConsentKind.WRITTEN})
"""A yes said beforehand, in so many words."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground found, or the first that was looked for with what stood in the way."""

    basis: Basis
    is_marketing: bool
    granted: Reason | None
    missing: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a ground is asked about."""

    question: Question
    edition: Edition
    now: datetime
    is_promotional: bool


def find_ground(question: Question, edition: Edition, now: datetime, *, is_promotional: bool) -> Ground:
    """Return the first ground of the cell that holds, else the cell's first ground and why none does."""
    code = cell_code(edition, question.purpose, question.channel)
    bases = CODES[code]
    asked = Asked(question, edition, now, is_promotional)
    missing: list[Reason] = []
    for basis in bases:
        answer = CHECKS[basis](asked)
        if answer in _GRANTS:
            return Ground(basis, _is_marketing(edition, question, basis), answer)
        missing.append(answer)
    return Ground(bases[0], _is_marketing(edition, question, bases[0]), None, tuple(dict.fromkeys(missing)))


def cell_code(edition: Edition, purpose: str, channel: str) -> str:
    """Return the code that judges ``purpose`` on ``channel``: the column's cell, or the overlay."""
    if channel == Channel.VOICE and edition.code(purpose, "text") not in {"X", "NO RULES"}:
        return edition.overlays[Channel.VOICE]
    code = edition.code(purpose, "text" if channel in TEXT_CHANNELS else "email")
    if channel in {Channel.CALL, Channel.LETTER} and CODES[code][0] not in SERVICE_BASES | {Basis.NEVER}:
        return edition.overlays[channel]
    return code


def is_service_cell(edition: Edition, purpose: str, channel: str) -> bool:
    """Return True where the first ground of the cell is that of a service, whatever the consents."""
    basis = CODES[cell_code(edition, purpose, channel)][0]
    return not _marketing(edition, purpose, channel, basis)


def _is_marketing(edition: Edition, question: Question, basis: Basis) -> bool:
    return _marketing(edition, question.purpose, question.channel, basis)


def _marketing(edition: Edition, purpose: str, channel: str, basis: Basis) -> bool:
    # A machine's call needs a yes even for a service, and is no advertisement for it.
    judged = CODES[edition.code(purpose, "email")][0] if channel == Channel.VOICE else basis
    return judged not in SERVICE_BASES


def _care(asked: Asked) -> Reason:
    return Reason.CARE


def _care_if_neutral(asked: Asked) -> Reason:
    if asked.is_promotional:
        return Reason.PROMOTION
    if asked.question.purpose == Purpose.RECALL and not asked.question.was_interval_set:
        return Reason.INTERVAL_NOT_SET
    return Reason.CARE_IF_NEUTRAL


def _soft(asked: Asked) -> Reason:
    if not asked.question.is_own_product:
        return Reason.NOT_OWN_PRODUCT
    answers = {_proof(consent, asked.edition) for consent in _consents(asked, frozenset({ConsentKind.SOFT}))}
    if Reason.SOFT_OPT_IN in answers:
        return Reason.SOFT_OPT_IN
    return min(answers, key=list(Reason).index, default=Reason.NO_CONSENT)


def _proof(consent: Consent, edition: Edition) -> Reason:
    if consent.origin == Origin.FREE_VISIT:
        return Reason.NOTHING_SOLD
    if consent.origin not in edition.soft_from:
        return Reason.NOT_FROM_SALE
    return Reason.SOFT_OPT_IN if consent.was_choice_offered else Reason.NO_CHOICE_OFFERED


def _opt(asked: Asked) -> Reason:
    return Reason.OPT_IN if _consents(asked, EXPRESS) else Reason.NO_CONSENT


def _pec(asked: Asked) -> Reason:
    return Reason.NUMBER_GIVEN if _consents(asked, EXPRESS | {ConsentKind.NUMBER_GIVEN}) else Reason.NUMBER_NOT_GIVEN


def _pewc(asked: Asked) -> Reason:
    written = _consents(asked, frozenset({ConsentKind.WRITTEN}))
    return Reason.WRITTEN_CONSENT if written else Reason.NO_WRITTEN_CONSENT


def _can_spam(asked: Asked) -> Reason:
    return Reason.CAN_SPAM


def _reply(asked: Asked) -> Reason:
    return Reason.ANSWER


def _emergency(asked: Asked) -> Reason:
    return Reason.EMERGENCY


def _register(asked: Asked) -> Reason:
    person = asked.question.person
    if _consents(asked, EXPRESS) or (person.is_customer and asked.question.channel in asked.edition.register_exempts):
        return Reason.REGISTER_CLEAR
    if person.is_on_register is None:
        return Reason.REGISTER_NOT_CHECKED
    return Reason.ON_REGISTER if person.is_on_register else Reason.REGISTER_CLEAR


def _objection(asked: Asked) -> Reason:
    return Reason.NOT_OBJECTED


def _never(asked: Asked) -> Reason:
    return Reason.NEVER_ALLOWED


def _no_rules(asked: Asked) -> Reason:
    return Reason.NO_RULES


def _consents(asked: Asked, kinds: frozenset[ConsentKind]) -> list[Consent]:
    # A yes for "every channel" is none where the law wants one for each; being a customer is no such yes.
    channels = {str(asked.question.channel), EVERY_CHANNEL}
    named = {str(asked.question.channel)} if asked.edition.is_consent_per_channel else channels
    return [
        consent
        for consent in asked.question.person.consents
        if consent.kind in kinds
        and consent.channel in (channels if consent.kind == ConsentKind.SOFT else named)
        and consent.holds(asked.question.purpose, asked.now)
    ]


CHECKS: Final[Mapping[Basis, Callable[[Asked], Reason]]] = {
    Basis.CARE: _care,
    Basis.CARE_IF_NEUTRAL: _care_if_neutral,
    Basis.SOFT: _soft,
    Basis.OPT: _opt,
    Basis.PEC: _pec,
    Basis.PEWC: _pewc,
    Basis.CAN_SPAM: _can_spam,
    Basis.REPLY: _reply,
    Basis.EMERGENCY: _emergency,
    Basis.REGISTER: _register,
    Basis.OBJECTION: _objection,
    Basis.NEVER: _never,
    Basis.NO_RULES: _no_rules,
}
_GRANTS: Final = frozenset(
    {
        Reason.CARE, Reason.CARE_IF_NEUTRAL, Reason.SOFT_OPT_IN, Reason.OPT_IN, Reason.NUMBER_GIVEN,
        Reason.WRITTEN_CONSENT, Reason.CAN_SPAM, Reason.ANSWER, Reason.EMERGENCY, Reason.REGISTER_CLEAR,
        Reason.NOT_OBJECTED,
    }
)  # fmt: skip
