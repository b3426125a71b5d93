"""The frozen values this room takes and gives: forms in, answers out. No Django."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, Literal
from uuid import UUID

Channel = str  # "email", "sms", "call", later "letter", "whatsapp", ...
Style = Literal["short", "friendly", "call"]
ContactKind = Literal["phone", "email"]
Scope = Literal["marketing", "all"]

CHANNELS: tuple[Channel, ...] = ("email", "sms", "call", "letter", "whatsapp", "messenger", "instagram")
EVERY_CHANNEL = "*"


@dataclass(frozen=True, slots=True)
class PersonForm:
    """What is known of a person when they are added. Phone and e-mail as typed; blank means not known.

    ``list_key`` is a digest of the row of a list that has no number for them: the same row again is the same person.
    ``campaign`` are the campaign words of the link they came by.
    ``insists`` names the fields in which a list goes before what was set here, because a colleague said so.
    """

    given_name: str = ""
    family_name: str = ""
    how_to_say: str = ""
    birth_date: date | None = None
    language: str = ""
    style: Style | None = None
    external_id: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    source: str = ""
    known_since: date | None = None
    deceased_on: date | None = None
    street: str = ""
    postcode: str = ""
    city: str = ""
    list_key: str = ""
    campaign: str = ""
    insists: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ContactForm:
    """One address or number as typed. ``replaces`` names the contact that it follows, which is then ended."""

    kind: ContactKind
    value: str
    is_verified: bool = False
    takes_texts: bool = True
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a person wishes to be reached. Empty ``channels`` or ``days`` (0 Monday) mean no wish; None keeps what is.

    ``channels_for`` ranks channels for one kind of message (``rules.reaching.GROUPS``); a group left out has no wish.
    """

    channels: tuple[Channel, ...] | None = None
    days: tuple[int, ...] | None = None
    hours: tuple[time, time] | Literal["any"] | None = None
    pause_until: date | Literal["none"] | None = None
    quiet_all: bool | None = None
    preparation_by_text: bool | None = None
    language: str | None = None
    style: Style | None = None
    channels_for: Mapping[str, tuple[Channel, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Preference:
    """The wishes in force, each with a value; empty means no wish."""

    channels: tuple[Channel, ...] = ()
    days: tuple[int, ...] = ()
    hours_from: time | None = None
    hours_to: time | None = None
    pause_until: date | None = None
    quiet_all: bool = False
    preparation_by_text: bool = False
    channels_for: Mapping[str, tuple[Channel, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConsentForm:
    """One consent event (docs/rules.md#consent); the person, the actor and the times come from the operation."""

    action: str
    purpose: str
    channel: Channel = EVERY_CHANNEL
    collected_via: str = "in_person"
    contact: str = ""
    jurisdiction: str = ""
    legal_basis: str = ""
    wording_text: str = ""
    wording_version: str = ""
    language: str = ""
    form_id: str = ""
    brand_scope: str = ""
    origin: str = ""
    proof_ref: str = ""
    double_opt_in_at: datetime | None = None
    valid_until: datetime | None = None
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """In which words something was asked or pressed: the words, their version, and the language they were read in."""

    words: str = ""
    version: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """What the fold needs to know of one consent event."""

    action: str
    purpose: str
    channel: Channel
    at: datetime
    legal_basis: str = ""
    jurisdiction: str = ""
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentState:
    """What is in force for one purpose on one channel ("*" = every channel)."""

    purpose: str
    channel: Channel
    is_given: bool
    action: str
    at: datetime
    legal_basis: str = ""
    jurisdiction: str = ""
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """One address in force: ``address`` is the e-mail key or the E.164 number."""

    id: UUID
    kind: ContactKind
    address: str
    is_verified: bool
    takes_texts: bool = True


@dataclass(frozen=True, slots=True)
class Reach:
    """All that decides whether, how and when a person may be reached, at one moment.

    ``closed`` are the channels that a person cannot use (``formats`` says why); no other field names them.
    Of a merged person it is the reach of the one they were merged into. Of a ward it holds the
    guardian's contacts, name and refusals, because messages about a child go to the guardian.
    """

    patient_id: UUID
    given_name: str
    family_name: str
    language: str
    style: str
    zone: str
    contacts: tuple[Contact, ...]
    channels: tuple[Channel, ...]
    days: frozenset[int]
    hours_from: time | None
    hours_to: time | None
    pause_until: date | None
    quiet_all: bool
    opted_out: frozenset[tuple[Channel, Scope]]
    consents: tuple[ConsentState, ...]
    deceased: bool
    merged_into: UUID | None
    guardian_id: UUID | None
    is_under_safeguarding: bool
    preparation_by_text: bool
    addressed_name: str = ""
    likes_calls: bool = False
    is_anxious: bool = False
    is_complex: bool = False
    is_erased: bool = False
    held_until: datetime | None = None
    formats: frozenset[str] = frozenset()
    closed: frozenset[Channel] = frozenset()
    channels_for: Mapping[str, tuple[Channel, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person in a list: enough to name them and to say it right."""

    patient_id: UUID
    given_name: str
    family_name: str
    how_to_say: str
    birth_date: date | None
    merged_into: UUID | None = None
    external_id: str = ""

    @property
    def name(self) -> str:
        """The name as it is written; of somebody known by a list's number alone, that number."""
        return f"{self.given_name} {self.family_name}".strip() or (f"#{self.external_id}" if self.external_id else "")


@dataclass(frozen=True, slots=True)
class Found(PersonName):
    """One person found, with what tells namesakes apart."""

    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of the people of a practice, in the order of its language; ``next`` is None on the last."""

    rows: tuple[Found, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """One line in a person's own words."""

    id: UUID
    kind: str
    words: str
    noted_at: datetime
    asked_on: date | None
    by: str = ""
    code: str = ""
    reviewed_on: date | None = None
    by_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One note, with its day where it has one."""

    id: UUID
    words: str
    on: date | None
    written_at: datetime
    written_by: UUID | None


@dataclass(frozen=True, slots=True)
class PatientCard:
    """ "What matters to me": the first thing on every screen where the person appears."""

    person: PersonName
    language: str
    style: str
    zone: str
    known_since: date | None
    source: str
    campaign: str
    external_id: str
    deceased_on: date | None
    is_under_safeguarding: bool
    is_erased: bool
    reach: Reach
    wishes: Preference
    words: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)
    notes: tuple[NoteLine, ...] = ()
    follow_ups: tuple[NoteLine, ...] = ()
    household: tuple[PersonName, ...] = ()
    guardian: PersonName | None = None
    wards: tuple[PersonName, ...] = ()
    street: str = ""
    postcode: str = ""
    city: str = ""

    def age_on(self, day: date) -> int | None:
        """Return the age in whole years on ``day``, or None where the birth date is not known."""
        born = self.person.birth_date
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True, slots=True)
class Remark:
    """What stood in the way of one row or one of its fields; ``row`` counts from 0, ``reason`` is a code."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What a bulk of rows did; the counts add up.

    ``ids`` stand in the order of the rows, None for a refused one, and so do ``words``: added, changed, unchanged
    or refused.
    """

    ids: tuple[UUID | None, ...]
    added: int
    changed: int
    unchanged: int
    refused: int
    remarks: tuple[Remark, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What a row of a list changed: the row's place among those given, and what of whom.

    ``kind`` is patient or appointment, ``word`` added or changed; ``before`` holds the ids and codes by which a change
    can be taken back.
    """

    place: int
    id: UUID
    word: str
    before: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "patient"


Watch = Callable[[int, Sequence[Taken]], None]
"""Told inside each transaction of a list how many rows it held and what they changed; what it raises undoes it."""


def numbered(watch: Watch, numbers: Sequence[int], *, counts: bool = True) -> Watch:
    """Return a watch that tells ``watch`` of rows by their ``numbers`` instead of by their places."""

    def told(rows: int, taken: Sequence[Taken]) -> None:
        watch(rows if counts else 0, [replace(one, place=numbers[one.place]) for one in taken])

    return told


def nobody_watches(_rows: int, _taken: Sequence[Taken]) -> None:
    """Watch nothing."""
