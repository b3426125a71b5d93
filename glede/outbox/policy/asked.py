"""A question to the policy read from plain data, as ``glede may-send`` takes it. Pure.

docs/cli.md tells the shape. Every field is known and of its kind, or ``BadPolicy`` says which is not: a question that
was misread would be answered for somebody else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from glede.outbox.policy.question import (
    EVERY_CHANNEL,
    Consent,
    ConsentKind,
    Counts,
    Origin,
    Person,
    Place,
    Question,
    Window,
)
from glede.outbox.policy.vocabulary import Channel, Purpose
from glede.outbox.reading import BadPolicy, Fields

LAW, ALL = "law", "all"
COUNTRIES: Final[Mapping[str, str]] = {"UK": "GB", "EU": "FR"}
"""Names that are no country's code: the kingdom's, and a member state without rules of its own here."""
ZONES: Final[Mapping[str, str]] = {"NO": "Europe/Oslo", "GB": "Europe/London", "IE": "Europe/Dublin"}
"""The zone of countries that have one; elsewhere it must be said."""

OF_THE_PERSON: Final[Mapping[str, str]] = {
    "customer": "is_customer",
    "quiet": "is_quiet",
    "deceased": "is_deceased",
    "merged": "is_merged",
    "moved_away": "has_moved_away",
    "safeguarding": "is_under_safeguarding",
    "allows_preparation": "allows_preparation",
}
OF_THE_QUESTION: Final[Mapping[str, str]] = {
    "by_person": "is_by_person",
    "interval_set": "was_interval_set",
    "paid_by_others": "is_paid_by_others",
    "health_data": "uses_health_data",
    "shared_contact": "is_shared_contact",
    "written_since": "has_written_since",
    "opt_out_receipt": "is_opt_out_receipt",
}
OF_THE_WINDOW: Final[Mapping[str, str]] = {
    "platform_consent": "has_consent",
    "template": "has_template",
    "human_agent": "is_human_agent_approved",
}
ON_REGISTER: Final[Mapping[str, bool]] = {"on_register": True, "not_on_register": False}
OPTED_OUT: Final[Mapping[str, str]] = {"opted_out": "all", "opted_out_of_marketing": "marketing"}
FLAGS: Final = (
    *OF_THE_PERSON, *OF_THE_QUESTION, *OF_THE_WINDOW, *ON_REGISTER, *OPTED_OUT, "choice_offered", "not_our_product",
)  # fmt: skip
"""Every flag of a question; one that is not named is not so."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its moment, and whether the law's hours alone bind it."""

    question: Question
    now: datetime
    law_alone: bool


def read_questions(raw: Any) -> list[Asked | BadPolicy]:
    """Return the questions of plain data, one or a list of them; for one that cannot be read, what is wrong with it."""
    many = raw if isinstance(raw, list) else [raw]
    read: list[Asked | BadPolicy] = []
    for place, one in enumerate(many):
        try:
            read.append(read_question(one, f"question {place + 1}" if isinstance(raw, list) else "question"))
        except BadPolicy as bad:
            read.append(bad)
    return read


def read_question(raw: Any, place: str = "question") -> Asked:
    """Return one question. Raises ``BadPolicy`` naming the field."""
    fields = Fields(place, raw)
    channel = Channel(fields.text("channel", among=tuple(Channel)))
    country = fields.text("country").upper()
    country = COUNTRIES.get(country, country)
    flags = frozenset(fields.texts("flags", among=FLAGS, default=()))
    now = moment(fields, "now")
    if now is None:
        raise BadPolicy(f"{place}.now", "is missing")
    bought_at = moment(fields, "last_purchase_at")
    consents = tuple(
        _consent(one, channel) for one in (fields.several("consents") if _says(fields, "consents") else ())
    )
    region = fields.text("state").upper() if _says(fields, "state") else ""
    person = Person(
        zone=_zone(fields, country),
        country=country,
        region=region,
        opted_out=frozenset((str(channel), scope) for flag, scope in OPTED_OUT.items() if flag in flags),
        opted_out_at=moment(fields, "opted_out_at"),
        consents=(*consents, *_bought(consents, bought_at, channel, flags)),
        is_on_register=next((answer for flag, answer in ON_REGISTER.items() if flag in flags), None),
        **_set(OF_THE_PERSON, flags) | {"is_customer": bought_at is not None or "customer" in flags},
    )
    question = Question(
        Purpose(fields.text("purpose", among=tuple(Purpose))),
        channel,
        person,
        Place(country=country, region=region, **_hours(fields)),
        text=fields.text("text") if _says(fields, "text") else "",
        own_words=fields.texts("own_words", default=()),
        answers_act_at=moment(fields, "answers_act_at"),
        is_own_product="not_our_product" not in flags,
        counts=Counts(**_counts(fields)),
        window=Window(moment(fields, "last_inbound_at"), **_set(OF_THE_WINDOW, flags)),
        **_set(OF_THE_QUESTION, flags),
    )
    law_alone = _says(fields, "hours") and fields.text("hours", among=(LAW, ALL)) == LAW
    fields.close()
    return Asked(question, now, law_alone)


def moment(fields: Fields, name: str) -> datetime | None:
    """Return a moment with its offset, or None where the field is left out. Raises ``BadPolicy``."""
    said = fields.optional(name)
    if said is None:
        return None
    try:
        read = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise BadPolicy(f"{fields.place}.{name}", "is no moment with its offset, as 2026-11-24T18:00:00+01:00")
    return read


def _says(fields: Fields, name: str) -> bool:
    return fields.optional(name) not in (None, "")


def _zone(fields: Fields, country: str) -> str:
    name = fields.text("zone") if _says(fields, "zone") else ZONES.get(country, "")
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadPolicy(f"{fields.place}.zone", "is no zone, as America/Chicago") from error


def _set(known: Mapping[str, str], flags: frozenset[str]) -> dict[str, Any]:
    return {field: flag in flags for flag, field in known.items()}


def _consent(fields: Fields, channel: Channel) -> Consent:
    kind = ConsentKind(fields.text("kind", among=tuple(ConsentKind)))
    on = fields.optional("channel")
    if on is not None and on not in {EVERY_CHANNEL, *Channel}:
        raise BadPolicy(f"{fields.place}.channel", f"{on!r} is no channel")
    origin = fields.optional("origin")
    consent = Consent(
        kind,
        on or str(channel),
        purposes=frozenset(fields.texts("purposes", among=tuple(Purpose), default=())),
        given_at=moment(fields, "given_at"),
        valid_until=moment(fields, "valid_until"),
        origin=Origin(fields.text("origin", among=tuple(Origin))) if origin is not None else Origin.OTHER,
        was_choice_offered=fields.yes("was_choice_offered", default=False),
    )
    fields.close()
    return consent


def _bought(
    consents: tuple[Consent, ...], bought_at: datetime | None, channel: Channel, flags: frozenset[str]
) -> tuple[Consent, ...]:
    """Return what a purchase amounts to: an address got in a sale, unless the question says where it came from."""
    if bought_at is None or any(consent.kind is ConsentKind.SOFT for consent in consents):
        return ()
    offered = "choice_offered" in flags
    return (
        Consent(ConsentKind.SOFT, str(channel), given_at=bought_at, origin=Origin.SALE, was_choice_offered=offered),
    )


def _hours(fields: Fields) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("hours_from", "hours_to"):
        if _says(fields, name):
            try:
                found[name] = time.fromisoformat(fields.text(name))
            except ValueError as error:
                raise BadPolicy(f"{fields.place}.{name}", "is no time, as 09:00") from error
    return found


def _counts(fields: Fields) -> dict[str, int]:
    if not _says(fields, "counts"):
        return {}
    inner = fields.inner("counts")
    read: dict[str, Callable[[str], int]] = dict.fromkeys(("today", "texts_7_days", "marketing_30_days"), inner.count)
    found = {name: count(name) for name, count in read.items() if inner.optional(name) is not None}
    inner.close()
    return found
