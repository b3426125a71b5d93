"""Every background task: one that works for a practice never looks at another, a sweep looks at one at a time."""

import inspect
import json
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from glede.calendars.operations import add_calendar, take_file
from glede.calendars.tests.invented import calendar, event
from glede.calendars.values import NewCalendar
from glede.channels.mailbox.imap import Found
from glede.channels.mailbox.values import Came
from glede.channels.operations.mailaccounts import NewMailAccount, set_mail_account
from glede.channels.operations.mailboxes import NewMailbox, set_mailbox, switch_on_mailbox
from glede.channels.operations.mails import store_mails
from glede.channels.operations.provided import store_mail_call
from glede.diary.operations import book_appointment
from glede.diary.queries import free_times
from glede.diary.requests import Booking
from glede.inbox import operations as inbox
from glede.journeys.operations import follow
from glede.kernel import clock
from glede.kernel.actor import SYSTEM, Actor
from glede.ledger.operations import log_access
from glede.ledger.queries import last_seq
from glede.lists import operations as lists
from glede.lists.values import NewList
from glede.outbox.operations import NewCampaign, make_campaign, start_campaign
from glede.people.operations import add_patient, note_need
from tests.cast import KARI, House, open_nordlys, open_solberg
from tests.estate import CANARY
from tests.tenancy.traces import fingerprint, scopes

# Each task for one practice, and each sweep; a task that is new stands in no list and fails the test.
FOR_ONE = {
    "calendars.look_at",
    "channels.fetch_mail",
    "channels.read_mail_calls",
    "channels.read_mails",
    "journeys.follow",
    "lists.bring",
    "lists.read",
    "lists.take_back",
    "outbox.send",
    "outbox.unfold",
    "people.compare",
}
FOR_ALL = {
    "calendars.look",
    "ledger.checkpoint",
    "channels.look_for_mail",
    "channels.sweep",
    "desk.keep_sheets",
    "inbox.return",
    "journeys.agree",
    "journeys.follow_all",
    "ledger.seal",
    "lists.forget",
    "outbox.mail_checkpoints",
    "outbox.settle",
    "outbox.sweep",
}
WITHOUT_A_PRACTICE = {
    "people.compare_all": "wakes the comparison of each practice, and looks at none itself",
    "config.sweep_stalled": "looks at jobs alone, which carry a practice's id and nothing else",
    "config.back_up": "copies every practice of the database, sealed",
    "config.scrub": "writes the tables of the whole database anew, and forgets again whom each practice forgot",
    "demonstration.make": "makes another practice by the operations every practice is made by",
}

PEOPLE = NewList("people", "people.csv", b"id,given_name\n7,Ny\n")
LONG = NewList("people", "long.csv", b"id,given_name\n9,Lang\n")
OTHERS = NewList("people", "others.csv", b"id,given_name\n8,Annen\n")


@pytest.fixture
def houses(db: None, monkeypatch: pytest.MonkeyPatch) -> tuple[House, House]:
    """Solberg and Nordlys on real clocks, each with a visit, a message, a need, and something that is due."""
    solberg = open_solberg("kari")
    moment = solberg.now + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: moment)
    for task in tasks().values():  # the one connection of the test stays open
        module = import_module(task.func.__module__)
        if hasattr(module, "close_old_connections"):
            monkeypatch.setattr(module, "close_old_connections", lambda: None)
    nordlys = open_nordlys("kari")
    for house, words in ((solberg, "Kan jeg komme senere?"), (nordlys, CANARY)):
        _fill(house, words, moment)
    return solberg, nordlys


def _fill(house: House, words: str, now: datetime) -> None:
    patient_id, service = house.people["kari"], next(iter(house.services.values()))
    offer = free_times(house.id, service, from_=(now + timedelta(days=3)).date(), days=5, now=now)[0]
    asked = Booking(
        patient_id=patient_id, service_id=service, practitioner_id=offer.practitioner_id, day=offer.day,
        wall_time=offer.wall_time,
    )  # fmt: skip
    given: dict[str, Any] = {"practice_id": house.id, "by": SYSTEM, "now": house.now}
    book_appointment(request=asked, **given)
    new = NewMailAccount(provider="postmark", sender="hei@solberg.example", secrets={"token": "t"})
    account = set_mail_account(account=new, **given)
    store_mail_call(practice_id=house.id, account_id=account.pk, called="one", body=b"{}", now=house.now)
    message = inbox.Incoming(patient_id=patient_id, words=words)
    inbox.receive_message(message=message, **{**given, "by": Actor("patient", patient_id)})
    note_need(patient_id=patient_id, kind="need", words=words, **given)
    add_patient(person=replace(KARI, external_id=""), **given)
    lists.begin_bringing(list_id=lists.put_in_list(new=PEOPLE, **given), **given)
    lists.begin_reading(list_id=lists.put_in_list(new=LONG, **given), **given)
    going = lists.put_in_list(new=OTHERS, **given)
    lists.bring_list(list_id=going, **given)
    lists.begin_taking_back(list_id=going, **given)
    _mail(house, words)
    _calendar(house)
    _campaign(house, patient_id)
    log_access(house.id, by=SYSTEM, patient_id=patient_id, page="person", now=house.now)
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")


def _mail(house: House, words: str) -> None:
    """A mailbox that nobody answers for, and a mail that waits to be read."""
    box = NewMailbox(host="127.0.0.1", port=9, tls="no", user="post", password="of nobody")
    given: dict[str, Any] = {"practice_id": house.id, "by": SYSTEM, "now": house.now}
    row = set_mailbox(mailbox=box, **given)
    switch_on_mailbox(found=Found(1, 1), **given)
    raw = f"From: kari.moe@example.org\n\n{words}\n".encode()
    store_mails(house.id, row.pk, [Came(key="1", raw=raw, size=len(raw), came_at=house.now)], house.now)


def _campaign(house: House, patient_id: UUID) -> None:
    """A campaign that somebody started just now."""
    given: dict[str, Any] = {"practice_id": house.id, "by": SYSTEM, "now": house.now}
    words = {"en": {"subject": "An evening with us", "text": "Come and see us."}}
    made = make_campaign(new=NewCampaign("Evening", "offer", words, [patient_id]), **given)
    start_campaign(campaign_id=made.pk, **given)


def _calendar(house: House) -> None:
    """A calendar that was read once, long ago."""
    new = NewCalendar(next(iter(house.chairs.values())), "Outlook")
    given: dict[str, Any] = {"practice_id": house.id, "by": SYSTEM, "now": house.now - timedelta(days=2)}
    raw = calendar(event("lunch", ":20261105T110000Z", ":20261105T113000Z"))
    take_file(calendar_id=add_calendar(new=new, **given), name="outlook.ics", content=raw, **given)


def tasks() -> dict[str, Any]:
    """Return our tasks by name."""
    return {name: task for name, task in app.tasks.items() if not name.startswith(("builtin:", "procrastinate."))}


def _jobs() -> list[tuple[str, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute("select task_name, args from procrastinate_jobs order by id")
        return [(name, json.loads(args) if isinstance(args, str) else args) for name, args in cursor.fetchall()]


def test_every_task_is_on_a_list() -> None:
    assert set(tasks()) == FOR_ONE | FOR_ALL | set(WITHOUT_A_PRACTICE)


@pytest.mark.parametrize("name", sorted(FOR_ONE))
def test_a_task_looks_at_its_own_practice_alone(houses: tuple[House, House], name: str) -> None:
    ours, theirs = houses
    if name == "outbox.send":
        follow(ours.id, now=clock.now())
        follow(theirs.id, now=clock.now())
    _forget_jobs()
    before, mine, seq = fingerprint(theirs.id), fingerprint(ours.id), last_seq(theirs.id)
    with scopes() as opened:
        tasks()[name].func(practice_id=str(ours.id))
    assert opened
    assert set().union(*opened) == {str(ours.id)}
    assert last_seq(theirs.id) == seq
    assert fingerprint(theirs.id) == before
    assert fingerprint(ours.id) != mine, "it had something to do"
    assert {args.get("practice_id") for _, args in _jobs()} <= {str(ours.id)}


def test_a_sweep_looks_at_one_practice_at_a_time(
    houses: tuple[House, House], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = {str(house.id) for house in houses}
    for name in sorted(FOR_ALL):
        if name == "outbox.sweep":
            for house in houses:
                follow(house.id, now=clock.now())
        _forget_jobs()
        with scopes() as opened:
            tasks()[name].func(timestamp=0)
        assert all(len(one) <= 1 for one in opened), f"{name}: each within its own scope"
        assert set().union(*opened) == ids, f"{name}: and each in its turn"
        if name in {"journeys.follow_all", "outbox.sweep"}:
            assert {args["practice_id"] for _, args in _jobs()} == ids
        after = [fingerprint(house.id) for house in houses]
        tasks()[name].func(timestamp=0)
        assert [fingerprint(house.id) for house in houses] == after, f"{name}: twice is once"
    said = caplog.text + "".join(capsys.readouterr())
    assert CANARY not in said
    assert not any(one in said for one in ids)


def _forget_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")


def test_a_task_of_a_practice_takes_its_id_and_nothing_of_a_person() -> None:
    for name in FOR_ONE:
        assert "practice_id" in inspect.signature(tasks()[name].func).parameters, name
    for name in FOR_ALL:
        assert set(inspect.signature(tasks()[name].func).parameters) == {"timestamp"}, name
