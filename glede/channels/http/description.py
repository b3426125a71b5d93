"""A provider in plain data: how it is asked, what it answers, how it calls back. Pure.

The format stands in docs/channels.md#a-described-provider. It is read strictly: a field nobody knows, a word that is
none of ours, a secret that is not named or an address that is not https refuses the whole, with the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from glede.kernel.addresses import BadAddress, checked
from glede.outbox.reading import BadPolicy, Fields
from glede.outbox.rules import Reason, State

PLACES: Final = frozenset({
    "to", "to_digits", "sender", "sender_digits", "text", "encoding", "message_id", "key", "report_url", "answer_url",
    "valid_seconds", "valid_minutes", "valid_milliseconds",
})  # fmt: skip
"""What a request may name, beside the secrets; docs/channels.md says what each stands for."""

PLACE: Final = re.compile(r"\{([a-z_0-9]+)\}")
_NAME: Final = re.compile(r"[a-z][a-z_0-9]{0,30}")
ENCODINGS: Final = ("GSM-7", "UCS-2")
REASONS: Final = frozenset({
    Reason.REFUSED, Reason.CONTENT_REFUSED, Reason.UNREACHABLE, Reason.NOT_TOLD, Reason.UNKNOWN_NUMBER,
    Reason.LANDLINE, Reason.BLOCKED, Reason.SENDER_BLOCKED, Reason.OPTED_OUT, Reason.EXPIRED,
})  # fmt: skip
REPORTED: Final = frozenset({State.ACCEPTED, State.SENT, State.DELIVERED, State.READ, State.FAILED})


class Means(StrEnum):
    """What an answer means besides a refusal for good: taken, too fast, later, or our own account's fault."""

    ACCEPTED = "accepted"
    THROTTLED = "throttled"
    LATER = "later"
    OURS = "ours"


class Proof(StrEnum):
    """How a call to our address shows that it is the provider's."""

    QUERY = "query"
    HEADER = "header"
    BASIC = "basic"
    HMAC = "hmac"


@dataclass(frozen=True, slots=True)
class Request:
    """How one text is asked for. ``fields`` is the body, a tree of texts with places; ``form`` or ``json`` its kind."""

    url: str
    body: str
    fields: Mapping[str, Any]
    headers: Mapping[str, str]
    user: str
    password: str
    encodings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answers:
    """Where an answer's parts, the message's id and its status stand, and what a status or HTTP status means."""

    parts: str
    id: str
    status: str
    values: Mapping[str, str]
    http: Mapping[str, str]
    price: str
    currency: str


@dataclass(frozen=True, slots=True)
class Reports:
    """What a report calls our id, its own, the status and the error, and what each of them means."""

    ref: str
    id: str
    status: str
    states: Mapping[str, State]
    error: str
    errors: Mapping[str, Reason]
    price: str
    currency: str


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What a text that came in calls its id, who wrote and what; ``stop`` holds something where it is a refusal."""

    id: str
    sender: str
    text: str
    stop: str


@dataclass(frozen=True, slots=True)
class Secured:
    """How calls prove themselves: ``secret`` in a query, a header or a password, or a digest made by it."""

    by: Proof
    name: str
    secret: str
    digest: str
    written: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Description:
    """A provider, described. ``needs`` are the names of its secrets; the last parts are None where it never calls."""

    name: str
    source: str
    needs: tuple[str, ...]
    request: Request
    answers: Answers
    reports: Reports | None
    arrivals: Arrivals | None
    secured: Secured | None

    @property
    def carries_our_id(self) -> bool:
        """Whether a report says which message of ours it is about."""
        named = set(places_of(self.request.fields))
        return self.reports is not None and ("report_url" in named or bool(self.reports.ref))

    @property
    def ends_in_time(self) -> bool:
        """Whether the provider is told when a text is void."""
        return any(place.startswith("valid_") for place in places_of(self.request.fields))


def read_description(raw: Any, *, may_be_loopback: bool = False) -> Description:
    """Return what a description says. Raises ``BadPolicy`` with the place of whatever is wrong."""
    fields = Fields("description", raw)
    needs = fields.texts("needs", default=())
    for name in needs:
        if not _NAME.fullmatch(name) or name in PLACES:
            raise BadPolicy("description.needs", f"{name!r} can be no secret's name")
    reports = _reports(Fields("description.report", found)) if (found := fields.optional("report")) else None
    arrivals = _arrivals(Fields("description.arrival", found)) if (found := fields.optional("arrival")) else None
    secured = _secured(Fields("description.secured", found), needs) if (found := fields.optional("secured")) else None
    if (reports or arrivals) and secured is None:
        raise BadPolicy("description.secured", "is missing: nobody may call us unproved")
    described = Description(
        name=fields.text("name"), source=_text(fields, "source"), needs=needs,
        request=_request(fields.inner("request"), needs, may_be_loopback=may_be_loopback),
        answers=_answers(fields.inner("answer")), reports=reports, arrivals=arrivals, secured=secured,
    )  # fmt: skip
    fields.close()
    return described


def places_of(tree: Any) -> Iterator[str]:
    """Yield every place that a tree of texts names."""
    if isinstance(tree, str):
        yield from PLACE.findall(tree)
    elif isinstance(tree, Mapping):
        for value in tree.values():
            yield from places_of(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from places_of(value)


def _text(fields: Fields, name: str, default: str = "") -> str:
    value = fields.optional(name)
    if value is None:
        return default
    if not isinstance(value, str):
        raise BadPolicy(f"{fields.place}.{name}", "is no text")
    return value


def _texts(fields: Fields, name: str) -> dict[str, str]:
    value = fields.optional(name) or {}
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise BadPolicy(f"{fields.place}.{name}", "is no mapping to texts; put numbers in quotes")
    return {str(key): one for key, one in value.items()}


def _among(fields: Fields, name: str, known: frozenset[str]) -> dict[str, str]:
    found = _texts(fields, name)
    if strange := sorted({one for one in found.values() if one not in known}):
        raise BadPolicy(f"{fields.place}.{name}", f"does not know {', '.join(strange)}")
    return found


def _request(fields: Fields, needs: tuple[str, ...], *, may_be_loopback: bool) -> Request:
    url = fields.text("url")
    try:
        place = checked(url)
    except BadAddress as error:
        raise BadPolicy(f"{fields.place}.url", "is no https address") from error
    if PLACE.search(url) or "{" in url or (place.is_here and not may_be_loopback):
        raise BadPolicy(f"{fields.place}.url", "is no https address on the open net")
    tree = fields.inner("fields")
    request = Request(
        url=url, body=fields.text("body", among=("form", "json")), fields={n: tree.optional(n) for n in tree.names()},
        headers=_texts(fields, "headers"), user=_text(fields, "user"), password=_text(fields, "password"),
        encodings=_texts(fields, "encodings"),
    )  # fmt: skip
    _check_places(fields, request, needs)
    fields.close()
    return request


def _check_places(fields: Fields, request: Request, needs: tuple[str, ...]) -> None:
    if request.body == "form" and not all(isinstance(value, str) for value in request.fields.values()):
        raise BadPolicy(f"{fields.place}.fields", "of a form are texts; put numbers in quotes")
    signs = "".join([*request.headers, *request.headers.values()])
    if any(not sign.isprintable() for sign in signs) or {n.lower() for n in request.headers} & _OWN_HEADERS:
        raise BadPolicy(f"{fields.place}.headers", "cannot be sent")
    named = {*places_of(request.fields), *places_of([*request.headers.values(), request.user, request.password])}
    if unknown := sorted(named - PLACES - set(needs)):
        raise BadPolicy(fields.place, f"names {', '.join(unknown)}, which are no places and no secrets it needs")
    if secret := sorted(
        {*places_of([*request.headers.values(), request.user, request.password])} - _IN_HEADERS - set(needs)
    ):
        raise BadPolicy(f"{fields.place}.headers", f"hold no {', '.join(secret)}")
    if not {"to", "to_digits"} & named or "text" not in named:
        raise BadPolicy(f"{fields.place}.fields", "do not say to whom or what")
    if "encoding" in named and set(request.encodings) != set(ENCODINGS):
        raise BadPolicy(f"{fields.place}.encodings", f"are two: {' and '.join(ENCODINGS)}")


_IN_HEADERS: Final = frozenset({"key", "message_id"})
_OWN_HEADERS: Final = frozenset({"host", "content-length", "transfer-encoding", "connection"})


def _answers(fields: Fields) -> Answers:
    known = frozenset({*Means, *REASONS})
    answers = Answers(
        parts=_text(fields, "parts"), id=fields.text("id"), status=_text(fields, "status"),
        values=_among(fields, "values", known), http=_among(fields, "http", known), price=_text(fields, "price"),
        currency=_text(fields, "currency"),
    )  # fmt: skip
    if bool(answers.status) is not bool(answers.values):
        raise BadPolicy(fields.place, "says where a status stands, and what its values mean, or neither")
    if Means.ACCEPTED not in {*answers.values.values(), *answers.http.values()}:
        raise BadPolicy(fields.place, "does not say what a yes looks like")
    fields.close()
    return answers


def _reports(fields: Fields) -> Reports:
    reports = Reports(
        ref=_text(fields, "ref"), id=fields.text("id"), status=fields.text("status"),
        states={k: State(v) for k, v in _among(fields, "states", frozenset(REPORTED)).items()},
        error=_text(fields, "error"),
        errors={k: Reason(v) for k, v in _among(fields, "errors", frozenset(REASONS)).items()},
        price=_text(fields, "price"), currency=_text(fields, "currency"),
    )  # fmt: skip
    if not reports.states:
        raise BadPolicy(f"{fields.place}.states", "is missing")
    fields.close()
    return reports


def _arrivals(fields: Fields) -> Arrivals:
    arrivals = Arrivals(fields.text("id"), fields.text("from"), fields.text("text"), _text(fields, "stop"))
    fields.close()
    return arrivals


def _secured(fields: Fields, needs: tuple[str, ...]) -> Secured:
    by = Proof(fields.text("by", among=tuple(Proof)))
    secured = Secured(
        by=by, name="" if by is Proof.BASIC else fields.text("name"), secret=fields.text("secret"),
        digest=_text(fields, "digest", "sha256"), written=_text(fields, "written", "hex"),
        prefix=_text(fields, "prefix"),
    )  # fmt: skip
    if secured.secret not in needs:
        raise BadPolicy(f"{fields.place}.secret", "is none of the secrets it needs")
    if secured.digest not in {"sha256", "sha512"} or secured.written not in {"hex", "base64"}:
        raise BadPolicy(fields.place, "knows sha256 and sha512, written hex or base64")
    fields.close()
    return secured
