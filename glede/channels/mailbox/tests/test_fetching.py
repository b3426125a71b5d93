"""Looking into a mailbox: everything once, nothing changed, whatever the other side does."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from glede.channels.mailbox.fetching import look_into_mailbox
from glede.channels.mailbox.imap import Unreached
from glede.channels.mailbox.tests.imapserver import HANG_UP, Mailserver, a_mail
from glede.channels.mailbox.tests.scenes import look, mails, owed, read, said, strays, switch_on, with_mailbox
from glede.channels.mailbox.values import PORTION, SIZE_MOST
from glede.channels.models import Mailbox
from glede.channels.operations import NoAccount
from glede.channels.operations.mailboxes import switch_off_mailbox
from glede.channels.tasks import fetch_mail, look_for_mail, read_mails
from glede.kernel import failpoints
from glede.kernel.actor import SYSTEM
from glede.practices import scope
from tests.cast import House, open_nordlys

HOUR = timedelta(hours=1)
BATCH = 8


def box(house: House) -> Mailbox:
    """The mailbox in force."""
    with scope.transaction(house.id):
        return Mailbox.objects.get(way="imap", ended_at=None)


def jobs(name: str) -> int:
    """How many wake-ups wait."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = %s", [name])
        return int(cursor.fetchone()[0])


def test_what_comes_after_it_was_switched_on_is_kept_read_and_left_as_it_was(house: House, server: Mailserver) -> None:
    server.put(a_mail("Gammel post"), house.now)
    with_mailbox(house, server)
    server.put(a_mail("Kan jeg komme litt senere?"), house.now)
    assert look(house) is not None
    read(house)
    assert said(house, "kari") == ["Timen min\n\nKan jeg komme litt senere?"]
    assert ("answer", "conversation", house.people["kari"]) in owed(house)
    changing = ("STORE", "SELECT", "EXPUNGE", "COPY", "MOVE", "APPEND", "DELETE", "CLOSE", "BODY[")
    assert [c for c in server.commands if any(word in c for word in changing)] == []


def test_it_is_off_until_a_person_switches_it_on_and_after_they_switch_it_off(house: House, server: Mailserver) -> None:
    with_mailbox(house, server, is_on=False)
    server.put(a_mail(), house.now)
    assert look(house) is None
    switch_on(house)
    switch_off_mailbox(practice_id=house.id, by=SYSTEM, now=house.now)
    server.put(a_mail("Kom mens det var av"), house.now)
    assert (look(house, house.now + HOUR), mails(house)) == (None, [])
    switch_on(house, house.now + HOUR)
    look(house, house.now + 2 * HOUR)
    assert len(mails(house)) == 1, "what came meanwhile is read, what lay there before is not"


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"password": "another"}, "refused"), ({"folder": "Nowhere"}, "no_folder"), ({"port": 9}, "no_answer")],
)
def test_switching_on_tries_it_and_says_what_is_wrong(
    house: House, server: Mailserver, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Unreached) as refused:
        with_mailbox(house, server, **changes)
    assert (refused.value.code, box(house).on_at) == (code, None)


def test_there_must_be_one_to_switch_on(house: House) -> None:
    with pytest.raises(NoAccount):
        switch_on(house)


def test_a_kill_between_keeping_and_moving_the_cursor_costs_nothing(house: House, server: Mailserver) -> None:
    with_mailbox(house, server)
    server.put(a_mail("Bare en gang"), house.now)
    failpoints.arm("mail.stored:raise")
    with pytest.raises(failpoints.FailpointReached):
        look(house)
    failpoints.arm("")
    assert (len(mails(house)), box(house).uid) == (1, 0)
    later = house.now + HOUR  # the lease of the dead one has run out
    look(house, later)
    read(house)
    look(house, later + HOUR)
    read(house)
    assert (said(house, "kari"), box(house).uid) == (["Timen min\n\nBare en gang"], 1)


def test_three_days_without_a_server_are_caught_up_in_order(
    house: House, server: Mailserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glede.channels.mailbox.values.BATCH", BATCH)
    with_mailbox(house, server)
    server.fault = lambda *_: HANG_UP
    for day in range(3):
        assert look(house, house.now + day * 24 * HOUR).failure == "no_answer"  # type: ignore[union-attr]
        for n in range(BATCH // 2):
            at = house.now + timedelta(days=day, minutes=n)
            server.put(a_mail(f"Dag {day} nummer {n}", sender=f"p{day}-{n}@example.net"), at)
    assert ("settle", "mail_unread", None) in owed(house), "a manager was told"
    server.fault, after = None, house.now + 73 * HOUR
    first, second = look(house, after), look(house, after + HOUR)
    assert first is not None
    assert second is not None
    assert (first.new, first.is_more, second.new, second.is_more) == (BATCH, True, BATCH // 2, False)
    read(house)
    assert [row.words.split("\n\n")[1] for row in strays(house)] == [
        f"Dag {day} nummer {n}" for day in range(3) for n in range(BATCH // 2)
    ]
    assert ("settle", "mail_unread", None) not in owed(house), "and need not see to it any more"


def test_a_full_mailbox_goes_on_at_once_and_a_failing_one_is_left_alone_for_a_while(
    house: House, server: Mailserver
) -> None:
    with_mailbox(house, server)
    server.fault = lambda command, _: "NO busy" if command == "UID SEARCH" else None
    server.put(a_mail(), house.now)
    minutes = [minute for minute in range(40) if look(house, house.now + timedelta(minutes=minute)) is not None]
    assert minutes == [0, 1, 3, 8, 18, 33]


def test_one_mail_at_which_the_line_breaks_is_passed_by_and_said(house: House, server: Mailserver) -> None:
    with_mailbox(house, server)
    for n in range(3):
        server.put(a_mail(f"Nummer {n}", sender=f"p{n}@example.net"), house.now)
    server.fault = lambda command, words: HANG_UP if words.startswith("2 (UID BODY") else None
    for hour in range(5):
        look(house, house.now + hour * HOUR)
    read(house)
    assert [(m.uid, m.state, m.reason) for m in mails(house)] == [
        (1, "read", ""), (2, "held", "unreadable"), (3, "read", ""),
    ]  # fmt: skip
    assert ("settle", "mail_held", None) in owed(house)


def test_a_mail_too_big_is_kept_as_its_header_and_its_sender_is_answered(
    house: House, server: Mailserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glede.channels.mailbox.values.SIZE_MOST", 2000)
    with_mailbox(house, server)
    server.put(a_mail("x" * 5000, subject="Bilder av øyet"), house.now)
    look(house)
    read(house)
    [row] = mails(house)
    assert (row.is_cut, row.size > 5000, SIZE_MOST > 2000) == (True, True, True)
    assert said(house, "kari") == [
        "Bilder av øyet\n\n(En e-post på 5 kB er for stor til å tas vare på her. Les den i postkassen.)"
    ]


def test_mails_numbered_anew_are_neither_lost_nor_read_twice(house: House, server: Mailserver) -> None:
    with_mailbox(house, server)
    server.put(a_mail("En"), house.now)
    look(house)
    read(house)
    server.number_anew()
    server.put(a_mail("To"), house.now + HOUR)
    look(house, house.now + HOUR)
    read(house)
    assert said(house, "kari") == ["Timen min\n\nEn", "Timen min\n\nTo"]
    assert {(m.uidvalidity, m.uid, m.state, m.reason) for m in mails(house)} == {
        (1, 1, "read", ""), (2, 1, "refused", "twice"), (2, 2, "read", ""),
    }  # fmt: skip


def test_counting_finds_what_was_skipped_and_tells_what_stays_away(house: House, server: Mailserver) -> None:
    with_mailbox(house, server)
    for n in range(3):
        server.put(a_mail(f"Nummer {n}", sender=f"p{n}@example.net"), house.now)
    server.hides = {2}
    look(house)
    assert [m.uid for m in mails(house)] == [1, 3]
    server.hides = set()
    counted = look(house, house.now + 2 * HOUR)
    assert counted is not None
    assert (counted.missing, [m.uid for m in mails(house)], box(house).missing) == (0, [1, 3, 2], 0)
    server.put(a_mail("Fire"), house.now)
    server.hides = {4}
    server.put(a_mail("Fem"), house.now)
    look(house, house.now + 4 * HOUR)
    server.hides, server.fault = set(), lambda command, words: "OK" if words.startswith("4 (UID BODY") else None
    look(house, house.now + 6 * HOUR)
    assert (box(house).missing, ("settle", "mail_missing", None) in owed(house)) == (1, True)
    server.mails = [mail for mail in server.mails if mail.uid != 4]  # a colleague deleted it
    server.fault = None
    look(house, house.now + 8 * HOUR)
    assert (box(house).missing, ("settle", "mail_missing", None) in owed(house)) == (0, False)


def test_a_server_that_does_not_say_its_next_uid(house: House, server: Mailserver) -> None:
    server.says_uidnext = False
    server.put(a_mail("Gammel"), house.now)
    with_mailbox(house, server)
    server.put(a_mail("Ny"), house.now)
    look(house)
    assert [m.uid for m in mails(house)] == [2]


def test_who_keeps_a_mail_wakes_its_reader_in_the_same_transaction(house: House, server: Mailserver) -> None:
    with_mailbox(house, server)
    server.put(a_mail(), house.now)
    before = jobs("channels.read_mails")
    look(house)
    assert jobs("channels.read_mails") == before + 1
    look(house, house.now + HOUR)
    assert jobs("channels.read_mails") == before + 1, "nothing new, nobody woken"


def test_the_worker_looks_into_what_is_on_and_reads_it(
    house: House, server: Mailserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glede.channels.tasks.close_old_connections", lambda: None)
    with_mailbox(house, server)
    server.put(a_mail("Hei"), house.now)
    look_for_mail(timestamp=0)
    assert jobs("channels.fetch_mail") == 1
    fetch_mail(practice_id=str(house.id))
    read_mails(practice_id=str(house.id))
    assert said(house, "kari") == ["Timen min\n\nHei"]


def test_the_other_practice_sees_nothing(house: House, server: Mailserver) -> None:
    other = open_nordlys("kari")
    with_mailbox(house, server)
    server.put(a_mail("Bare til Solberg"), house.now)
    look(house)
    read(house)
    assert (look(other), mails(other), said(other, "kari"), strays(other)) == (None, [], [], [])


def test_what_is_kept_is_read_before_more_is_fetched(house: House, server: Mailserver) -> None:
    with_mailbox(house, server)
    for n in range(2 * PORTION + 1):
        server.put(a_mail(f"Nummer {n}", sender=f"p{n}@example.net"), house.now)
    kept: list[int] = []
    look_into_mailbox(house.id, lambda: house.now, lambda: kept.append(len(mails(house))))
    assert kept == [PORTION, 2 * PORTION, 2 * PORTION + 1]


def test_a_server_put_back_to_an_older_day_hides_nothing(house: House, server: Mailserver) -> None:
    with_mailbox(house, server)
    for words in ("En", "To"):
        server.put(a_mail(words), house.now)
    look(house)
    read(house)
    server.mails, server.uidnext = [], 1  # an older backup, with the numbers of its day
    server.put(a_mail("Tre"), house.now + HOUR)
    for hour in (1, 2):
        look(house, house.now + hour * HOUR)
        read(house)
    assert sorted(said(house, "kari")) == ["Timen min\n\nEn", "Timen min\n\nTo", "Timen min\n\nTre"]
    assert (box(house).uid, box(house).on_at) == (1, house.now)
