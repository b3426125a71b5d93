"""Faults that others tell of answers by mail, lived through twice: as we are, and without what keeps us from them."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from glede.channels import tasks
from glede.channels.mailbox import sorting
from glede.channels.mailbox.tests.imapserver import a_mail
from glede.channels.mailbox.tests.scenes import bring, mails, said
from glede.channels.operations import reading
from glede.inbox import acknowledging
from glede.kernel import failpoints
from glede.outbox.models import Touch
from glede.outbox.operations import plan_touches
from glede.people.queries import reach
from glede.practices import scope
from tests.cast import House

both = pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "control"])


@pytest.fixture(autouse=True)
def nothing_armed() -> Iterator[None]:
    yield
    failpoints.arm("")


@both
def test_who_is_away_has_neither_refused_nor_answered(
    house: House, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    if not is_kept:
        monkeypatch.setattr(sorting, "_is_automatic", lambda *_: False)
    bring(house, a_mail("STOP", subject="Automatisk svar: Ferie", Auto_Submitted="auto-replied"))
    kari = house.people["kari"]
    assert (not said(house, "kari")) is is_kept
    assert (("email", "all") not in reach(house.id, [kari])[kari].opted_out) is is_kept


@both
def test_two_machines_never_write_to_each_other(house: House, monkeypatch: pytest.MonkeyPatch, is_kept: bool) -> None:
    if not is_kept:
        monkeypatch.setattr(sorting, "_is_automatic", lambda *_: False)
    night = house.now - timedelta(hours=6)
    for again in range(3):
        echo = a_mail(f"Ditt brev er mottatt. {again}", Auto_Submitted="auto-replied")
        bring(house, echo, now=night + again * timedelta(hours=13))
    with scope.transaction(house.id):
        assert (Touch.objects.count() == 0) is is_kept


@both
def test_nothing_is_answered_to_a_mail_that_was_not_kept(
    house: House, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    promised: list[dict[str, Any]] = []

    def breaks(*_: object) -> None:
        raise failpoints.FailpointReached

    if not is_kept:  # an answer that is on its way before what it answers is kept
        monkeypatch.setattr(acknowledging, "plan_touches", lambda **told: promised.append(told))
    monkeypatch.setattr(reading, "_close", breaks)
    with pytest.raises(failpoints.FailpointReached):
        bring(house, a_mail("Hei"), now=house.now - timedelta(hours=6))
    for told in promised:
        plan_touches(**told)
    with scope.transaction(house.id):
        assert (Touch.objects.count() == 0) is is_kept


@both
def test_a_mail_at_which_reading_breaks_stops_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    if not is_kept:

        def unheld(**_: object) -> None:
            raise failpoints.FailpointReached

        monkeypatch.setattr(tasks, "hold_unread", unheld)
    failpoints.arm("mail.read:raise@1")
    with nullcontext() if is_kept else pytest.raises(failpoints.FailpointReached):
        bring(house, a_mail("En"), a_mail("To"))
    assert sorted(m.state for m in mails(house)) == (["held", "read"] if is_kept else ["stored", "stored"])


@both
def test_a_mailbox_that_shows_its_mails_again_brings_each_once(
    house: House, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    if not is_kept:
        monkeypatch.setattr(reading, "_is_first", lambda _: True)
    mail = a_mail("En gang")
    bring(house, *([mail] * 5))
    assert (len(said(house, "kari")) == 1) is is_kept
