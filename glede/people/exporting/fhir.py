"""An export as a FHIR R4 bundle (HL7). Ids are those of our rows, so that a second export names the same."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid5

from glede.people.exporting.gathering import Export, Row

Resource = dict[str, Any]
CODES = "http://terminology.hl7.org/CodeSystem/"
OURS = "urn:glede:"
STATUS = {
    "booked": "booked", "confirmed": "booked", "arrived": "arrived", "with": "checked-in", "done": "fulfilled",
    "missed": "noshow", "cancelled": "cancelled", "entered_in_error": "entered-in-error",
}  # fmt: skip
WENT = frozenset({"accepted", "sent", "delivered", "read", "rehearsed"})
ENDED = frozenset({"skipped", "failed", "handed"})
MEDIUM = {"email": "EMAILWRIT", "sms": "SMSWRIT", "call": "PHONE", "link": "ELECTRONIC", "letter": "MAILWRIT"}
GRANTS = {"grant", "soft_optin_recorded"}
TASKS = {"kept": "completed", "broken": "failed", "withdrawn": "cancelled"}


def bundle(export: Export) -> Resource:
    """Return everything FHIR has a place for, as a bundle of the type *collection*."""
    entries = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources(export)]
    return {
        "resourceType": "Bundle",
        "id": str(export.patient_id),
        "type": "collection",
        "timestamp": _instant(export.made_at.isoformat()),
        "entry": entries,
    }


def resources(export: Export) -> Iterator[Resource]:
    """Yield the resources, the person first."""
    yield _patient(export)
    yield {
        "resourceType": "Organization",
        "id": str(export.practice.pk),
        "active": export.practice.retired_at is None,
        "name": export.practice.name,
    }
    if any(row["has_guardian"] for row in export.rows("people", "Patient")):
        yield _guardian(export)
    for (room, what), tell in _TELLERS.items():
        for row in export.rows(room, what):
            yield _filled(tell(export, row))


def _patient(export: Export) -> Resource:
    rows = {row["id"]: row for row in export.rows("people", "Patient")}
    row = rows[str(export.patient_id)]
    contacts = [_contact(one) for one in export.rows("people", "ContactPoint") if one["value"]]
    family, given = row["family_name"], row["given_name"]
    return _filled({
        "resourceType": "Patient",
        "id": str(export.patient_id),
        "identifier": [{"system": f"{OURS}list-number", "value": row["external_id"]}] if row["external_id"] else [],
        "active": row["erased_at"] is None,
        "name": [_filled({"use": "official", "family": family, "given": [given] if given else []})]
        if family or given else [],
        "telecom": contacts,
        "birthDate": row["birth_date"],
        "deceasedDateTime": row["deceased_on"],
        "address": _address(row),
        "communication": [{
            "language": {"coding": [{"system": "urn:ietf:bcp:47", "code": row["language"]}]}, "preferred": True,
        }] if row["language"] else [],
        "managingOrganization": _ref("Organization", str(export.practice.pk)),
        "link": [
            {"other": {"identifier": {"system": f"{OURS}person", "value": pk}}, "type": "replaces"}
            for pk in rows if pk != str(export.patient_id)
        ],
    })  # fmt: skip


def _address(row: Row) -> list[Resource]:
    held = {"line": [row["street"]] if row["street"] else [], "postalCode": row["postcode"], "city": row["city"]}
    return [_filled({"use": "home", **held})] if any(held.values()) else []


def _contact(row: Row) -> Resource:
    period = _filled({"start": _instant(row.get("added_at")), "end": _instant(row.get("ended_at"))})
    use = {"use": "old"} if row.get("ended_at") else {}
    return _filled({"system": row["kind"], "value": row["value"], **use, "period": period})


def _guardian(export: Export) -> Resource:
    """Whoever answers for the person: that there is one, never who. That is another person's data."""
    role = {"coding": [{"system": f"{CODES}v3-RoleCode", "code": "GUARD", "display": "guardian"}]}
    return {
        "resourceType": "RelatedPerson",
        "id": str(uuid5(export.patient_id, "guardian")),
        "active": True,
        "patient": _person(export),
        "relationship": [role],
    }


def _appointment(export: Export, row: Row) -> Resource:
    status = STATUS.get(row["state"], "booked")
    participants = [{"actor": _person(export), "status": "accepted" if row["confirmed_at"] else "needs-action"}]
    if row["practitioner"]:
        participants.append({"actor": {"display": row["practitioner"]}, "status": "accepted"})
    return {
        "resourceType": "Appointment",
        "id": row["id"],
        "identifier": [{"system": f"{OURS}list-number", "value": row["external_id"]}] if row["external_id"] else [],
        "status": status,
        "cancelationReason": {"text": row["cancel_reason"]} if row["cancel_reason"] else None,
        "serviceType": [{"text": row["service"]}] if row["service"] else [],
        "start": _instant(row["starts_at"]),
        "end": _instant(row["ends_at"]),
        "minutesDuration": row["minutes"] or None,
        "created": _instant(row["booked_at"]),
        "comment": "\n".join(line["words"] for line in row["history"] if line["words"]),
        "participant": participants,
    }


def _message(export: Export, row: Row) -> Resource:
    words = [row["subject_line"], row["body"]]
    return {
        "resourceType": "Communication",
        "id": row["id"],
        "status": "completed" if row["state"] in WENT else "not-done" if row["state"] in ENDED else "preparation",
        "statusReason": {"text": row["reason"]} if row["reason"] else None,
        "category": [{"coding": [{"system": f"{CODES}communication-category", "code": "notification"}]}],
        "medium": _medium(row["channel"]),
        "subject": _person(export),
        "recipient": [_person(export)],
        "sender": _ref("Organization", str(export.practice.pk)),
        "sent": _instant(row["sent_at"]),
        "payload": [{"contentString": one} for one in words if one],
    }


def _piece(export: Export, row: Row) -> Resource:
    theirs, ours = _person(export), _ref("Organization", str(export.practice.pk))
    said = row["kind"] == "said"
    return {
        "resourceType": "Communication",
        "id": row["id"],
        "status": "completed",
        "medium": _medium(row["channel"]),
        "subject": theirs,
        "sender": theirs if said else ours,
        "recipient": [ours if said else theirs],
        "sent": _instant(row["at"]),
        "payload": [{"contentString": row["words"]}] if row["words"] else [],
    }


def _medium(channel: str) -> list[Resource]:
    code = MEDIUM.get(channel)
    return [{"coding": [{"system": f"{CODES}v3-ParticipationMode", "code": code}]}] if code else []


def _consent(export: Export, row: Row) -> Resource:
    loinc = {"system": "http://loinc.org", "code": "59284-0", "display": "Consent Document"}
    told = f"{row['purpose'] or 'all'}, {row['channel']}"
    return {
        "resourceType": "Consent",
        "id": row["id"],
        "status": "active",
        "scope": {"coding": [{"system": f"{CODES}consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [loinc]}],
        "patient": _person(export),
        "dateTime": _instant(row["created_at"]),
        "organization": [_ref("Organization", str(export.practice.pk))],
        "policyRule": {"text": row["legal_basis"] or "consent"},
        "provision": {
            "type": "permit" if row["action"] in GRANTS else "deny",
            "code": [{"text": f"{row['action']}: {told}"}],
        },
    }


def _observed(export: Export, row: Row, label: str, words: str, at: str | None) -> Resource:
    return {
        "resourceType": "Observation",
        "id": row["id"],
        "status": "final",
        "code": {"text": label},
        "subject": _person(export),
        "effectiveDateTime": _instant(at),
        "valueString": words,
    }


def _need(export: Export, row: Row) -> Resource:
    return _observed(export, row, f"what matters: {row['kind']}", row["words"], row["noted_at"])


def _note(export: Export, row: Row) -> Resource:
    return _observed(export, row, "note", row["words"], row["written_at"])


def _response(export: Export, row: Row) -> Resource:
    score = f"{row['score']} of 5" if row["score"] else ""
    return _observed(export, row, "how it went", " ".join(filter(None, (score, row["words"]))), row["given_at"])


def _promise(export: Export, row: Row) -> Resource:
    ends = [one for one in export.rows("promises", "outcome") if one["promise"] == row["id"]]
    status = next((TASKS[one["outcome"]] for one in reversed(ends) if one["outcome"] in TASKS), "requested")
    return {
        "resourceType": "Task",
        "id": row["id"],
        "status": status,
        "intent": "order",
        "code": {"text": row["kind"]},
        "for": _person(export),
        "authoredOn": _instant(row["made_at"]),
        "restriction": {"period": {"end": _instant(row["due_at"])}},
        "note": [{"text": one["note"]} for one in ends if one["note"]],
    }


def _look(export: Export, row: Row) -> Resource:
    return {
        "resourceType": "AuditEvent",
        "id": row["id"],
        "type": {"system": f"{CODES}audit-event-type", "code": "rest"},
        "action": "R",
        "recorded": _instant(row["at"]),
        "agent": [{"who": {"display": row["who"]}, "requestor": True}],
        "source": {"observer": _ref("Organization", str(export.practice.pk))},
        "entity": [{"what": _person(export), "name": row["page"]}],
    }


_TELLERS: dict[tuple[str, str], Callable[[Export, Row], Resource]] = {
    ("diary", "visit"): _appointment,
    ("outbox", "message"): _message,
    ("inbox", "piece"): _piece,
    ("people", "ConsentEvent"): _consent,
    ("people", "Need"): _need,
    ("people", "Note"): _note,
    ("feedback", "response"): _response,
    ("promises", "promise"): _promise,
    ("ledger", "look"): _look,
}


def _person(export: Export) -> Resource:
    return _ref("Patient", str(export.patient_id))


def _ref(kind: str, pk: str) -> Resource:
    return {"reference": f"urn:uuid:{pk}", "type": kind}


def _filled(resource: Resource) -> Resource:
    """Return a resource without its empty parts: FHIR allows none."""
    return {key: value for key, value in resource.items() if value not in (None, "", [], {})}


def _instant(moment: str | None) -> str | None:
    """Return a moment in UTC as FHIR writes it."""
    if not moment:
        return None
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
