"""Every question about lists; each stays inside one practice and changes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from glede.lists import keeping
from glede.lists.errors import ForgottenList, NoSuchList, StillReading
from glede.lists.looking import groups
from glede.lists.models import BroughtList, BroughtRow
from glede.lists.operations.trying import reject_lines, try_list
from glede.lists.values import GOING_BACK, UNDECIDED, Ask, Found, ListLine, Outcome, State
from glede.people.lists.opening import Sheet
from glede.people.lists.rejects import rejects_csv
from glede.practices import scope


def found(practice_id: UUID, list_id: UUID, *, now: datetime) -> Found:
    """Return what a list holds that was put in, and what would become of each row. Nothing of it is saved.

    A short list is tried on the spot; of a long one this is what the worker found. Raises ``StillReading`` until the
    worker is through with it, ``NoSuchList``, ``ForgottenList``.
    """
    row = _row(practice_id, list_id)
    if row.content is None:
        raise ForgottenList
    if row.reading is None and row.report is not None:
        read = keeping.read_found(row.report)
        return replace(read, asks=_answered(read.asks, row.theirs), is_old=_changed_since(row, read.read_at))
    if row.reading is not None or _line(row).is_long:
        raise StillReading
    tried = try_list(row, now)
    return replace(tried, asks=_answered(tried.asks, row.theirs))


def list_line(practice_id: UUID, list_id: UUID) -> ListLine:
    """Return where a list stands and how far it is. Raises ``NoSuchList``."""
    return _line(_row(practice_id, list_id, without=("content", "report")))


def lists_page(practice_id: UUID, *, limit: int = 50) -> list[ListLine]:
    """Return the lists of a practice, the newest first."""
    with scope.transaction(practice_id):
        rows = BroughtList.objects.filter(practice_id=practice_id).defer("content", "report")
        return [_line(row) for row in rows.order_by("-put_in_at", "-id")[:limit]]


def lists_under_way(practice_id: UUID) -> list[tuple[UUID, UUID | None]]:
    """Return the lists that are coming in, with the colleague who began each, the oldest first."""
    with scope.transaction(practice_id):
        rows = BroughtList.objects.filter(practice_id=practice_id, state=State.BRINGING)
        return list(rows.order_by("begun_at", "id").values_list("id", "begun_by"))


def lists_going_back(practice_id: UUID) -> list[tuple[UUID, UUID | None]]:
    """Return the lists that are being taken back, with the colleague who asked for it, the oldest first."""
    with scope.transaction(practice_id):
        rows = BroughtList.objects.filter(practice_id=practice_id, reason=GOING_BACK)
        return list(rows.order_by("put_in_at", "id").values_list("id", "begun_by"))


def lists_being_read(practice_id: UUID) -> list[UUID]:
    """Return the lists that the worker is to look through, the oldest first."""
    with scope.transaction(practice_id):
        rows = BroughtList.objects.filter(practice_id=practice_id, state__in=UNDECIDED, reading__isnull=False)
        return list(rows.order_by("put_in_at", "id").values_list("id", flat=True))


def outcome(practice_id: UUID, list_id: UUID) -> Outcome | None:
    """Return the report of a list that was brought; None where it was thrown away. Raises ``NoSuchList``."""
    row = _row(practice_id, list_id, without=("content",))
    if row.report is None or row.state != State.BROUGHT:
        return None
    brought, _header, _delimiter = keeping.read_report(row.report)
    return Outcome(
        _line(row), groups(brought.findings), reject_lines(brought), dict(brought.columns), brought.unmatched,
        brought.not_kept,
    )  # fmt: skip


def people_of_list(practice_id: UUID, list_id: UUID) -> list[UUID]:
    """Return the people whom a list added or changed, in the order of its rows. Raises ``NoSuchList``."""
    with scope.transaction(practice_id):
        _row(practice_id, list_id, without=("content", "report"))
        rows = BroughtRow.objects.filter(practice_id=practice_id, list_id=list_id, kind="patient")
        return list(dict.fromkeys(rows.order_by("number", "id").values_list("subject_id", flat=True)))


def rejects_file(practice_id: UUID, list_id: UUID) -> tuple[str, bytes] | None:
    """Return the name and the bytes of the rows not taken, to be corrected and put in again; None for none left.

    Raises ``NoSuchList``.
    """
    row = _row(practice_id, list_id, without=("content",))
    if row.report is None or row.state != State.BROUGHT:
        return None
    brought, header, delimiter = keeping.read_report(row.report)
    if not brought.rejects:
        return None
    return f"{row.name.rpartition('.')[0] or row.name}-rejects.csv", rejects_csv(
        Sheet(header, (), delimiter), brought.rejects
    )


def _row(practice_id: UUID, list_id: UUID, *, without: Collection[str] = ()) -> BroughtList:
    """Return a list's row; a page that renews itself every second need not open what it holds (``without``)."""
    with scope.transaction(practice_id):
        rows = BroughtList.objects.select_related("source").defer(*without)
        row = rows.filter(practice_id=practice_id, pk=list_id).first()
    if row is None:
        raise NoSuchList(str(list_id))
    return row


def _line(row: BroughtList) -> ListLine:
    return ListLine(
        row.pk, row.what, row.name, row.state, row.rows, row.done, row.put_in_at, row.ended_at, row.undo_until,
        row.counts, row.reason, row.reading is not None, row.read_to,
    )  # fmt: skip


def _answered(asks: Sequence[Ask], theirs: Sequence[Sequence[Any]]) -> tuple[Ask, ...]:
    """Return where a list says otherwise, with what was answered by now."""
    answered = {(number, name) for number, name in theirs}
    return tuple(replace(ask, is_answered=(ask.row, ask.field) in answered) for ask in asks)


def _changed_since(row: BroughtList, read_at: datetime) -> bool:
    """Return True where another list came in, or went back, after this one was looked through."""
    with scope.transaction(row.practice_id):
        return BroughtList.objects.filter(practice_id=row.practice_id, ended_at__gt=read_at).exists()
