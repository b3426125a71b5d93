"""What a practice offers."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet

from glede.catalogue.models import Service
from glede.catalogue.rules import ServiceCard, in_language
from glede.kernel.money import Money
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.queries import practice_for_booking


def services(practice_id: UUID, *, including_ended: bool = False) -> list[ServiceCard]:
    """Return the services on offer, in the practice's order."""
    with scope.transaction(practice_id):
        rows = _rows(practice_id)
        if not including_ended:
            rows = rows.filter(ended_at=None)
        return [_card(row) for row in rows.order_by("sort", "code", "id")]


def service_card(practice_id: UUID, service_id: UUID) -> ServiceCard | None:
    """Return one service, ended or not; None for one of another practice."""
    return services_by_id(practice_id, [service_id]).get(service_id)


def services_by_id(practice_id: UUID, service_ids: list[UUID]) -> dict[UUID, ServiceCard]:
    """Return services by id, ended ones too, in one statement."""
    with scope.transaction(practice_id):
        return {row.pk: _card(row) for row in _rows(practice_id).filter(pk__in=service_ids)}


def services_by_external_id(practice_id: UUID) -> dict[str, ServiceCard]:
    """Return the services on offer that a list knows, by its number for them."""
    return {card.external_id: card for card in services(practice_id) if card.external_id}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a stranger comes: the words they choose by, and the service that gives minutes and price."""

    card: ServiceCard
    words: dict[str, str]

    def words_in(self, language: str) -> str:
        """Return the words in ``language``, else in whichever there is."""
        return in_language(self.words, language)


@dataclass(frozen=True, slots=True)
class Online:
    """How strangers book at a practice. Nothing sooner than ``notice`` from now, nor later than ``days_ahead`` days.

    ``is_open`` only where a manager opened it and at least one of ``reasons`` is still on offer.
    """

    practice: Practice
    is_open: bool
    reasons: tuple[Reason, ...]
    notice: timedelta
    days_ahead: int


def online_booking(name: str) -> Online | None:
    """Return how strangers book at the practice whose address ends in ``name``, an old name too; None for no such."""
    practice = practice_for_booking(name)
    return online_of(practice) if practice else None


def online_of(practice: Practice) -> Online:
    """Return how strangers book at a practice."""
    offered = {str(card.id): card for card in services(practice.pk)}
    reasons = tuple(
        Reason(offered[one["service"]], one["reason"]) for one in practice.online_services if one["service"] in offered
    )
    return Online(
        practice=practice,
        is_open=practice.books_online and bool(reasons),
        reasons=reasons,
        notice=timedelta(minutes=practice.online_notice_minutes),
        days_ahead=practice.online_days_ahead,
    )


def _rows(practice_id: UUID) -> QuerySet[Service]:
    return Service.objects.filter(practice_id=practice_id).select_related("practice")


def _card(row: Service) -> ServiceCard:
    currency = row.practice.currency
    return ServiceCard(
        id=row.pk,
        code=row.code,
        name=row.name,
        what_to_bring=row.what_to_bring,
        minutes=row.minutes,
        buffer_minutes=row.buffer_minutes,
        price=_money(row.price_minor_units, currency),
        price_to=_money(row.price_to_minor_units, currency),
        for_new=row.for_new,
        is_ended=row.ended_at is not None,
        external_id=row.external_id,
        sort=row.sort,
        more_minutes=row.more_minutes,
        asks_for=tuple(row.asks_for),
        followed_by=row.followed_by,
        follow_within=row.follow_within,
    )


def _money(minor_units: int | None, currency: str) -> Money | None:
    return None if minor_units is None else Money(minor_units, currency)
