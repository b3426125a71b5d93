"""Offer a service, change it, offer it no more."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from glede.catalogue import events
from glede.catalogue.models import Service
from glede.catalogue.rules import ServiceForm, changed_fields, check
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act

# Figures stand in the event, before and after; names are words, and the event says only that they changed.
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
        adding.record(events.SERVICE_ADDED, subject=Ref("service", row.pk), data=_figures(service))
    return row


def change_service(*, practice_id: UUID, service_id: UUID, service: ServiceForm, by: Actor, now: datetime) -> list[str]:
    """Change what is said of a service and return the fields that changed; what is booked keeps its time.

    Raises ``NoSuchService``, ``CannotOffer`` and ``CodeTaken``.
    """
    check(service)
    with act(practice_id, by=by, now=now) as changing:
        row = _standing(practice_id, service_id)
        changing.lock(Ref("service", service_id))
        before = _form_of(row)
        names = changed_fields(before, service)
        if not names:
            return []
        _check_free(practice_id, service, but=service_id)
        for name in names:
            setattr(row, name, asdict(service)[name])
        row.save(update_fields=names)
        old, new = _figures(before), _figures(service)
        figures = {name: [old[name], new[name]] for name in names if name in FIGURES}
        changing.record(
            events.SERVICE_CHANGED, subject=Ref("service", service_id), data={"fields": names, "figures": figures}
        )
    return names


def end_service(*, practice_id: UUID, service_id: UUID, by: Actor, now: datetime) -> None:
    """Offer a service no more; what is booked stands. Raises ``NoSuchService``."""
    with act(practice_id, by=by, now=now) as ending:
        _standing(practice_id, service_id)
        ending.lock(Ref("service", service_id))
        if not Service.objects.filter(pk=service_id, ended_at=None).update(ended_at=now):
            raise NoSuchService
        ending.record(events.SERVICE_ENDED, subject=Ref("service", service_id))


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
    return ServiceForm(**{name: getattr(row, name) for name in ServiceForm.__dataclass_fields__})


def _figures(service: ServiceForm) -> dict[str, Any]:
    return {name: value for name, value in asdict(service).items() if name in FIGURES}
