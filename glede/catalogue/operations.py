"""Offer a service, change it, offer it no more."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from glede.catalogue import events
from glede.catalogue.models import Service
from glede.catalogue.rules import ServiceForm, changed_fields, check
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.practices.operations import GONE, STANDS, change_to_undo, record_change

# Figures stand in the event, before and after; names are words, and stand in the change it names.
FIGURES = frozenset({"minutes", "buffer_minutes", "price_minor_units", "price_to_minor_units", "for_new", "sort"})


class NoSuchService(LookupError):
    """The practice offers no such service."""


class CodeTaken(ValueError):
    """Another service on offer has this code, or this number in the practice's list."""


def add_service(*, practice_id: UUID, service: ServiceForm, by: Actor, now: datetime) -> Service:
    """Offer a service. Raises ``CannotOffer`` and ``CodeTaken``."""
    check(service)
    with act(practice_id, by=by, now=now) as adding:
        _check_free(practice_id, service)
        row = Service.objects.create(practice_id=practice_id, added_at=now, **asdict(service))
        adding.lock(Ref("service", row.pk))
        _note(adding, row.pk, events.SERVICE_ADDED, before=GONE, after=STANDS, data=_figures(service))
    return row


def change_service(
    *,
    practice_id: UUID,
    service_id: UUID,
    service: ServiceForm,
    undoes: UUID | None = None,
    by: Actor,
    now: datetime,
) -> UUID | None:
    """Change what is said of a service and return the change, None where nothing differs; what is booked stands.

    Raises ``NoSuchService``, ``CannotOffer`` and ``CodeTaken``.
    """
    check(service)
    with act(practice_id, by=by, now=now) as changing:
        changing.lock(Ref("service", service_id))
        row = _standing(practice_id, service_id)
        before = _form_of(row)
        names = changed_fields(before, service)
        if not names:
            return None
        _check_free(practice_id, service, but=service_id)
        old, new = asdict(before), asdict(service)
        for name in names:
            setattr(row, name, new[name])
        row.save(update_fields=names)
        figures = {name: [old[name], new[name]] for name in names if name in FIGURES}
        was, is_now = {name: old[name] for name in names}, {name: new[name] for name in names}
        data = {"fields": names, "figures": figures}
        return _note(changing, service_id, events.SERVICE_CHANGED, before=was, after=is_now, undoes=undoes, data=data)


def end_service(*, practice_id: UUID, service_id: UUID, undoes: UUID | None = None, by: Actor, now: datetime) -> UUID:
    """Offer a service no more and return the change; what is booked stands. Raises ``NoSuchService``."""
    with act(practice_id, by=by, now=now) as ending:
        ending.lock(Ref("service", service_id))
        _standing(practice_id, service_id)
        Service.objects.filter(pk=service_id, ended_at=None).update(ended_at=now)
        return _note(ending, service_id, events.SERVICE_ENDED, before=STANDS, after=GONE, undoes=undoes)


def bring_back_service(
    *, practice_id: UUID, service_id: UUID, undoes: UUID | None = None, by: Actor, now: datetime
) -> UUID:
    """Offer an ended service again and return the change.

    Raises ``NoSuchService``, and ``CodeTaken`` where another has taken its short name.
    """
    with act(practice_id, by=by, now=now) as bringing:
        bringing.lock(Ref("service", service_id))
        rows = Service.objects.filter(practice_id=practice_id, pk=service_id, ended_at__isnull=False)
        row = rows.first()
        if row is None:
            raise NoSuchService
        _check_free(practice_id, _form_of(row))
        rows.update(ended_at=None)
        return _note(bringing, service_id, events.SERVICE_BROUGHT_BACK, before=GONE, after=STANDS, undoes=undoes)


def undo_service(*, practice_id: UUID, change_id: UUID, by: Actor, now: datetime) -> UUID | None:
    """Let a service be again what it was before a change.

    Raises ``NoSuchChange``, ``ChangedSince``, ``NoSuchService`` and ``CodeTaken``.
    """
    with act(practice_id, by=by, now=now) as undoing:
        change = change_to_undo(undoing, change_id, "service")
        given: dict[str, Any] = {"practice_id": practice_id, "service_id": change.subject_id, "undoes": change_id}
        given |= {"by": by, "now": now}
        if change.before == GONE:
            return end_service(**given)
        if change.before == STANDS:
            return bring_back_service(**given)
        standing = _form_of(_standing(practice_id, change.subject_id))
        return change_service(service=replace(standing, **change.before), **given)


def _note(this: Act, service_id: UUID, kind: str, **change: Any) -> UUID:
    return record_change(this, Ref("service", service_id), kind, **change)


def _standing(practice_id: UUID, service_id: UUID) -> Service:
    row = Service.objects.filter(practice_id=practice_id, pk=service_id, ended_at=None).first()
    if row is None:
        raise NoSuchService
    return row


def _check_free(practice_id: UUID, service: ServiceForm, but: UUID | None = None) -> None:
    others = Service.objects.filter(practice_id=practice_id, ended_at=None)
    if but is not None:
        others = others.exclude(pk=but)
    if others.filter(code=service.code).exists():
        raise CodeTaken("code")
    if service.external_id and others.filter(external_id=service.external_id).exists():
        raise CodeTaken("external_id")


def _form_of(row: Service) -> ServiceForm:
    found = {name: getattr(row, name) for name in ServiceForm.__dataclass_fields__}
    return ServiceForm(**{**found, "asks_for": tuple(row.asks_for)})


def _figures(service: ServiceForm) -> dict[str, Any]:
    return {name: value for name, value in asdict(service).items() if name in FIGURES}
