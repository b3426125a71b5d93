"""What a person allows and refuses, added event by event."""

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.contact import email_key, phone_e164
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.people import events
from glede.people.keys import pepper, unwrap
from glede.people.models import ConsentEvent, ContactPoint, Patient, PatientKey
from glede.people.operations.patients import locked
from glede.people.queries.consents import consent_facts
from glede.people.rules.consent import WITHDRAWALS, consent_states, opted_out
from glede.people.rules.fields import salted_hash
from glede.people.values import CHANNELS, EVERY_CHANNEL, Channel, ConsentForm, Said, Scope
from glede.practices.queries import practice_by_id

UNSAID = Said()
CHANNEL_KIND = {"email": "email", "sms": "phone", "call": "phone", "whatsapp": "phone"}


def record_consent(
    *, practice_id: UUID, patient_id: UUID, consent: ConsentForm, by: Actor, now: datetime
) -> ConsentEvent:
    """Add what a person allowed or refused, with its proof. Raises ``NoSuchPatient``.

    ``consent.said_at`` is when they said it, where that is earlier than ``now``.
    """
    if consent.channel not in {*CHANNELS, EVERY_CHANNEL}:
        raise ValueError(f"no channel: {consent.channel}")
    if consent.action not in ConsentEvent.Action.values:
        raise ValueError(f"no action of consent: {consent.action}")
    with act(practice_id, by=by, now=now) as recording:
        patient = locked(recording, patient_id)
        return _add(recording, patient, consent)


def _add(this: Act, patient: Patient, consent: ConsentForm) -> ConsentEvent:
    row = ConsentEvent.objects.create(
        practice_id=this.practice_id,
        patient_id=patient.pk,
        contact_hash=_contact_hash(this.practice_id, patient.pk, consent),
        action=consent.action,
        purpose=consent.purpose,
        channel=consent.channel,
        brand_scope=consent.brand_scope,
        jurisdiction=consent.jurisdiction,
        legal_basis=consent.legal_basis,
        wording_text=consent.wording_text,
        wording_version=consent.wording_version,
        language=consent.language,
        form_id=consent.form_id,
        collected_via=consent.collected_via,
        actor_role=this.by.role,
        actor_id=this.by.id,
        origin_hash=_origin_hash(patient.pk, consent.origin),
        proof_ref=consent.proof_ref,
        double_opt_in_at=consent.double_opt_in_at,
        valid_until=consent.valid_until,
        created_at=min(consent.said_at or this.now, this.now),
        processed_at=this.now,
    )
    ends = consent.action in {*WITHDRAWALS, "expire"}
    this.record(
        events.CONSENT_WITHDRAWN if ends else events.CONSENT_GIVEN,
        subject=Ref("patient", patient.pk),
        patient=patient.pk,
        data={"consent": row.pk, "action": row.action, "purpose": row.purpose, "channel": row.channel},
    )
    return row


def _contact_hash(practice_id: UUID, patient_id: UUID, consent: ConsentForm) -> bytes | None:
    kind = CHANNEL_KIND.get(consent.channel)
    if kind is None:
        return None
    address = consent.contact and _normal(practice_id, kind, consent.contact)
    if not address:
        held = (
            ContactPoint.objects.filter(patient_id=patient_id, kind=kind, ended_at=None).order_by("rank", "id").first()
        )
        address = held.address if held else None
    return salted_hash(pepper(practice_id), kind, address) if address else None


def _normal(practice_id: UUID, kind: str, text: str) -> str | None:
    return email_key(text) if kind == "email" else phone_e164(text, practice_by_id(practice_id).country)


def _origin_hash(patient_id: UUID, origin: str) -> bytes | None:
    if not origin:
        return None
    key = unwrap(PatientKey.objects.values_list("wrapped", flat=True).get(patient_id=patient_id))
    return hmac.new(key, origin.encode(), hashlib.sha256).digest()


def _withdrawal(channel: Channel, scope: Scope, how: str, said: Said) -> ConsentForm:
    return ConsentForm(
        action="withdraw", purpose=scope, channel=channel, collected_via=how, wording_text=said.words,
        wording_version=said.version, language=said.language,
    )  # fmt: skip


def opt_out(
    *,
    practice_id: UUID,
    patient_id: UUID,
    channel: Channel | None,
    scope: Scope,
    how: str,
    said: Said = UNSAID,
    by: Actor,
    now: datetime,
) -> bool:
    """Refuse marketing, or all, on ``channel`` (None: on every one) from this moment on.

    ``how`` says where it was collected (form, paper, phone, in_person, sms, email), ``said`` in which words. Returns
    False, and
    records nothing, where exactly that is refused already. Raises ``NoSuchPatient``.
    """
    where = channel or EVERY_CHANNEL
    if where not in {*CHANNELS, EVERY_CHANNEL} or scope not in {"marketing", "all"}:
        raise ValueError(f"no such refusal: {where} {scope}")
    with act(practice_id, by=by, now=now) as refusing:
        patient = locked(refusing, patient_id)
        refused = opted_out(consent_states(consent_facts([patient.pk])))
        if {(where, scope), (EVERY_CHANNEL, scope)} & refused:
            return False
        _add(refusing, patient, _withdrawal(where, scope, how, said))
    return True
