"""One look into a practice's mailbox: what is new is kept, then the cursor moves, then it is read.

Nothing here runs inside a transaction, because the other side may take its time. A kill at any place costs a second
look at most: what is kept is kept once, by its uid.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from glede.channels.mailbox import values
from glede.channels.mailbox.accounts import config_of, mailbox_in_force
from glede.channels.mailbox.imap import Box, Found, Item, Unreached, open_box
from glede.channels.mailbox.kept import uids_kept
from glede.channels.mailbox.values import Came
from glede.channels.models import Mailbox
from glede.channels.operations import NoAccount
from glede.channels.operations.mailboxes import begin_again, end_turn, note_counted, note_read_to, take_turn
from glede.channels.operations.mails import store_mails
from glede.channels.operations.telling import COUNT_DIFFERS, READING_FAILS, promise_to_settle, withdraw_cause
from glede.kernel.actor import PROVIDER
from glede.kernel.failpoints import fp
from glede.practices import scope
from glede.practices.queries import practice_by_id
from glede.practices.sealing import InvalidToken

TOLD_AFTER = 3
"""So many looks in a row that failed make a manager's promise: about ten minutes."""
PASSED_BY_AFTER = 3
DAYS_BACK = timedelta(days=2)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Looked:
    """What a look brought. ``is_more``: more lies there, and the next look may follow at once."""

    new: int = 0
    is_more: bool = False
    missing: int = 0
    failure: str = ""


@dataclass(slots=True)
class _Look:
    """A look under way. ``at`` is the mail that is being fetched, should the connection break.

    ``between`` is called after each portion is kept, so that what is kept never waits for what is still to be fetched.
    """

    row: Mailbox
    box: Box
    now: datetime
    clock: Callable[[], datetime]
    between: Callable[[], None]
    looked: Looked = field(default_factory=Looked)
    at: int | None = None


def try_mailbox(practice_id: UUID) -> Found:
    """Open the mailbox and say what is there, whether or not it is switched on. Raises ``NoAccount``, ``Unreached``."""
    with scope.transaction(practice_id):
        row = mailbox_in_force(practice_id)
    if row is None:
        raise NoAccount
    try:
        with open_box(config_of(row)) as box:
            return Found(box.uidvalidity, box.uidnext)
    except InvalidToken as error:
        raise Unreached("sealed") from error


def look_into_mailbox(
    practice_id: UUID, now: Callable[[], datetime], between: Callable[[], None] = lambda: None
) -> Looked | None:
    """Fetch what is new; None where it is nobody's turn. A mailbox that cannot be read is tried again later.

    ``between`` is called after each portion of mails is kept, outside every transaction.
    """
    row = take_turn(practice_id, now())
    if row is None:
        return None
    look: _Look | None = None
    failure = ""
    try:
        with open_box(config_of(row)) as box:
            look = _Look(row, box, now(), now, between)
            _fetch_new(look)
            _count(look)
    except Unreached as error:
        failure = error.code
    except InvalidToken:
        failure = "sealed"
    looked = look.looked if look else Looked()
    looked.failure = failure
    failures = end_turn(
        practice_id, look.row.pk if look else row.pk, now(), failure, look.at if look and failure else None
    )
    _tell(practice_id, row, failure, failures, now())
    return looked


def _tell(practice_id: UUID, row: Mailbox, failure: str, failures: int, now: datetime) -> None:
    if failure:
        _log.warning("a mailbox could not be read: %s", failure)
        if failures >= TOLD_AFTER:
            promise_to_settle(practice_by_id(practice_id), READING_FAILS, by=PROVIDER, now=now)
    elif row.failures:
        withdraw_cause(practice_by_id(practice_id), READING_FAILS, by=PROVIDER, now=now)


def _fetch_new(look: _Look) -> None:
    if look.row.uidvalidity != look.box.uidvalidity or look.box.uidnext <= look.row.uid:
        _start_again(look)
    row, box = look.row, look.box
    if row.stuck_times >= PASSED_BY_AFTER and row.stuck_uid is not None:
        _pass_by(look, row.stuck_uid)
    new = box.uids(row.uid + 1) if box.uidnext > row.uid + 1 else []
    taken = new[: values.BATCH]
    for portion in _portions(box.items(taken)):
        _keep(look, portion, moves=True)
    if taken:
        _move(look, taken[-1])
    look.looked.is_more = len(new) > len(taken)


def _portions(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Cut mails into portions of a bounded size, each of which is kept in one transaction."""
    portion: list[Item] = []
    size = 0
    for item in items:
        if portion and (size + item.size > values.PORTION_BYTES or len(portion) >= values.PORTION):
            yield portion
            portion, size = [], 0
        portion.append(item)
        size += min(item.size, values.SIZE_MOST)
    if portion:
        yield portion


def _keep(look: _Look, items: Sequence[Item], *, moves: bool = False) -> None:
    """Fetch a portion and keep it, as far as the line holds; then the cursor ``moves``."""
    found: list[Came] = []
    try:
        for item in items:
            came = _fetch(look, item)
            if came is not None:
                found.append(came)
    finally:
        if found:
            look.looked.new += store_mails(look.row.practice_id, look.row.pk, found, look.clock())
            fp("mail.stored")
            if moves and found[-1].uid is not None:
                _move(look, found[-1].uid)
            look.between()


def _fetch(look: _Look, item: Item) -> Came | None:
    look.at = item.uid
    is_cut = item.size > values.SIZE_MOST
    raw = look.box.head(item.uid) if is_cut else look.box.mail(item.uid)
    look.at = None
    if raw is None:
        return None
    return _came(look, item.uid, raw, size=max(item.size, len(raw)), came_at=item.came_at, is_cut=is_cut)


def _came(look: _Look, uid: int, raw: bytes, *, size: int, came_at: datetime | None, is_cut: bool) -> Came:
    validity = look.box.uidvalidity
    return Came(
        key=f"imap:{look.row.pk}:{validity}:{uid}", raw=raw, size=size, came_at=came_at or look.now,
        uidvalidity=validity, uid=uid, is_cut=is_cut,
    )  # fmt: skip


def _move(look: _Look, uid: int) -> None:
    note_read_to(look.row.practice_id, look.row.pk, uid)
    look.row.uid = max(look.row.uid, uid)


def _pass_by(look: _Look, uid: int) -> None:
    """A mail at which the connection broke again and again: that it is there is kept, and the others go on."""
    if uid > look.row.uid:
        stub = _came(look, uid, b"", size=0, came_at=None, is_cut=True)
        look.looked.new += store_mails(look.row.practice_id, look.row.pk, [stub], look.now)
        _move(look, uid)


def _start_again(look: _Look) -> None:
    """The server numbered its mails anew, or was put back to an older day: what came of late is read again, and what
    is known by its bytes is known.
    """
    row, box = look.row, look.box
    since = max(row.looked_at or look.now, row.on_at or look.now) - DAYS_BACK
    recent = box.uids_since(since.date())
    from_uid = min(recent, default=box.uidnext)
    found = Found(box.uidvalidity, box.uidnext)
    look.row = begin_again(row.practice_id, row, found, from_uid, look.clock())


def _count(look: _Look) -> None:
    """Count the server's mails against ours, once an hour; fetch what is missing, and tell where it stays so."""
    row, now = look.row, look.now
    if look.looked.is_more or (row.counted_at is not None and now < row.counted_at + values.COUNT_EVERY):
        return
    low = max(row.began_uid, row.uid - values.COUNT_BACK)
    if low <= row.uid:
        absent = _absent(look, low)
        for portion in _portions(look.box.items(absent[: values.BATCH])):
            _keep(look, portion)
        look.looked.missing = len(_absent(look, low)) if absent else 0
    note_counted(row.practice_id, row.pk, look.looked.missing, now)
    if look.looked.missing:
        promise_to_settle(practice_by_id(row.practice_id), COUNT_DIFFERS, by=PROVIDER, now=now)
    elif row.missing:
        withdraw_cause(practice_by_id(row.practice_id), COUNT_DIFFERS, by=PROVIDER, now=now)


def _absent(look: _Look, low: int) -> list[int]:
    """Return the uids that lie there and are not kept here. What was deleted there is no difference."""
    row = look.row
    kept = uids_kept(row.practice_id, row.pk, look.box.uidvalidity, low, row.uid)
    return [uid for uid in look.box.uids(low, row.uid) if uid not in kept]
