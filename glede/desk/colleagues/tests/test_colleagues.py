"""Colleagues come by a paper, change roles, and are out everywhere the moment they leave."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from glede.desk.colleagues.looks import where_words
from glede.kernel.actor import SYSTEM
from glede.kernel.ref import Ref
from glede.ledger.queries import who_looked
from glede.promises.operations import NewPromise, hand_promise, make_promise
from glede.promises.queries import owned_by
from glede.staff import operations as staff
from glede.staff import queries
from glede.staff.models import Invitation, Membership, Role
from tests.cast import PASSWORD, House, open_nordlys, open_solberg
from tests.estate import desk_pages
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
TURID = {"display_name": "Turid Foss", "email": "turid@example.org", "password": "a long enough sentence of mine"}


@pytest.fixture
def house() -> House:
    cache.clear()
    return open_solberg("kari", is_virtual=True, password=PASSWORD)


@pytest.fixture
def sofie(house: House) -> Client:
    return at_desk(house, "sofie")


def words(response: object) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", response.content.decode())).split())  # type: ignore[attr-defined]


def paper(sofie: Client, role: str = "receptionist") -> str:
    """Invite Turid, and return the code on her paper."""
    response = sofie.post(reverse("desk:invite"), {"display_name": "Turid Foss", "role": role})
    found = re.search(r"<code>([0-9A-Z-]+)</code>", response.content.decode())
    assert found
    return found.group(1)


def join(code: str, **changes: str) -> tuple[Client, object]:
    guest = Client()
    first = guest.post(reverse("desk:join"), {"code": code.lower()})
    assert first.status_code == 302
    return guest, guest.post(first.headers["Location"], TURID | changes)


def test_a_paper_makes_a_colleague_once(house: House, sofie: Client) -> None:
    code = paper(sofie)
    assert "A place is kept for" in words(sofie.get(reverse("desk:colleagues")))
    assert code.replace("-", "") not in words(sofie.get(reverse("desk:colleagues")))
    turid, answer = join(code)
    assert answer.status_code == 302  # type: ignore[attr-defined]
    assert turid.get(reverse("desk:today")).status_code == 200
    assert turid.get(reverse("desk:settings")).status_code == 403
    again = Client().get(reverse("desk:join_code", args=[code.replace("-", "")]))
    assert "it was used, taken back, or its week is over" in words(again)
    assert [c.role for c in queries.colleagues(house.id) if c.display_name == "Turid Foss"] == ["receptionist"]


@pytest.mark.parametrize("how", ["over", "taken back"])
def test_a_paper_that_stands_no_longer_opens_nothing(house: House, sofie: Client, how: str) -> None:
    code = paper(sofie)
    (invited,) = queries.invitations(house.id, now=house.now)
    if how == "over":
        Invitation.objects.update(ends_at=house.now - timedelta(seconds=1))
    else:
        sofie.post(reverse("desk:withdraw_invitation", args=[invited.id]))
    page = Client().get(reverse("desk:join_code", args=[code.replace("-", "")]))
    assert page.status_code == 404
    with pytest.raises(staff.NoSuchInvitation):
        staff.accept_invitation(
            practice_id=house.id, invitation_id=invited.id, by=SYSTEM, now=house.now,
            new=staff.Newcomer(TURID["email"], TURID["password"]),
        )  # fmt: skip


def test_an_address_in_use_wants_the_password_it_has(house: House, sofie: Client) -> None:
    nordlys = open_nordlys("kari", is_virtual=True, password=PASSWORD)
    code = paper(sofie)
    leif = queries.user_of(nordlys.id, nordlys.colleagues["leif"]).email
    _guest, answer = join(code, email=leif, password="a guess that is long enough")
    assert "Write the password you have there" in words(answer)
    _guest, answer = join(code, email=leif, password=PASSWORD)
    assert answer.status_code == 302  # type: ignore[attr-defined]
    assert Membership.objects.filter(user__email=leif, ended_at=None).count() == 2


def test_codes_are_not_guessed_for_long(sofie: Client) -> None:
    code = paper(sofie).replace("-", "")
    guest = Client()
    for n in range(20):
        guest.get(reverse("desk:join_code", args=[f"{n:013d}"]))
    assert guest.get(reverse("desk:join_code", args=[code])).status_code == 404
    cache.clear()
    assert guest.get(reverse("desk:join_code", args=[code])).status_code == 200


def test_whoever_leaves_is_out_everywhere_at_the_next_press(house: House, sofie: Client) -> None:
    browsers = [at_desk(house, "ingrid") for _ in range(3)]
    assert {b.get(reverse("desk:today")).status_code for b in browsers} == {200}
    owed = make_promise(
        practice_id=house.id, by=house.by("ingrid"), now=house.now,
        new=NewPromise("call", Ref("patient", house.people["kari"]), house.now + timedelta(hours=2), "callback"),
    )  # fmt: skip
    hand_promise(
        practice_id=house.id, promise_id=owed.pk, owner_id=house.colleagues["ingrid"], note="", by=house.by("sofie"),
        now=house.now,
    )  # fmt: skip
    where = reverse("desk:colleague_leaving", args=[house.colleagues["ingrid"]])
    hers = owned_by(house.id, house.colleagues["ingrid"])
    ingrid = queries.user_of(house.id, house.colleagues["ingrid"])
    assert f"{len(hers)} promises of theirs are open. Who keeps them?" in words(sofie.get(where))
    sofie.post(where, {"to": str(house.colleagues["amal"])})
    for browser in browsers:
        assert browser.get(reverse("desk:today")).status_code in {302, 403}
        assert browser.post(reverse("desk:note", args=[house.people["kari"]]), {"words": "x"}).status_code in {302, 403}
    ingrid.refresh_from_db()
    assert not ingrid.is_active
    assert owned_by(house.id, house.colleagues["ingrid"]) == []
    assert {o.id for o in hers} <= {o.id for o in owned_by(house.id, house.colleagues["amal"])}
    assert owed.pk in {o.id for o in hers}


def test_who_left_comes_back_by_a_new_paper(house: House, sofie: Client) -> None:
    email = queries.user_of(house.id, house.colleagues["ingrid"]).email
    staff.end_membership(
        practice_id=house.id, membership_id=house.colleagues["ingrid"], by=house.by("sofie"), now=house.now
    )
    _guest, answer = join(paper(sofie), email=email)
    assert answer.status_code == 302  # type: ignore[attr-defined]


def test_a_role_is_undone_from_the_history_by_who_gives_roles(house: House, sofie: Client) -> None:
    nina, membership = at_desk(house, "nina"), house.colleagues["ingrid"]
    page = sofie.post(reverse("desk:colleague_role", args=[membership]), {"role": "manager"}, follow=True)
    undo = re.search(r'action="(/settings/history/[0-9a-f-]+/undo/)"', page.content.decode())
    assert undo is not None
    history = reverse("desk:settings_history")
    assert "A colleague’s role: Ingrid Berg" in words(sofie.get(history))
    assert "from “receptionist” to “manager”" in words(sofie.get(history)).lower()
    assert undo[1] in sofie.get(history).content.decode()
    assert undo[1] not in nina.get(history).content.decode()
    assert nina.post(undo[1]).status_code == 403
    sofie.post(undo[1])
    assert {c.membership_id: c.role for c in queries.colleagues(house.id)}[membership] == Role.RECEPTIONIST


def test_the_last_owner_stays_one_whatever_is_undone(house: House, sofie: Client) -> None:
    given: dict[str, Any] = {"practice_id": house.id, "by": house.by("sofie"), "now": house.now}
    nina, mine = house.colleagues["nina"], house.colleagues["sofie"]
    change = staff.change_role(membership_id=nina, role=Role.OWNER, **given)
    staff.change_role(membership_id=mine, role=Role.MANAGER, **given)
    assert change is not None
    with pytest.raises(staff.LastOwner):
        staff.undo_role(change_id=change, **given)


def test_a_role_holds_from_the_next_press(house: House, sofie: Client) -> None:
    ingrid = at_desk(house, "ingrid")
    assert ingrid.get(reverse("desk:settings")).status_code == 403
    where = reverse("desk:colleague_role", args=[house.colleagues["ingrid"]])
    sofie.post(where, {"role": "manager"})
    assert ingrid.get(reverse("desk:settings")).status_code == 200
    assert ingrid.post(where, {"role": "owner"}).status_code == 403
    assert sofie.post(where, {"role": "king"}).status_code == 404


def test_a_practice_always_has_an_owner(house: House, sofie: Client) -> None:
    mine = house.colleagues["sofie"]
    for where, asked in (("role", {"role": "manager"}), ("leaving", {})):
        page = sofie.post(reverse(f"desk:colleague_{where}", args=[mine]), asked, follow=True)
        assert "A practice always has an owner." in words(page)
    staff.change_role(
        practice_id=house.id, membership_id=house.colleagues["nina"], role=Role.OWNER, by=house.by("sofie"),
        now=house.now,
    )  # fmt: skip
    sofie.post(reverse("desk:colleague_role", args=[mine]), {"role": "manager"})
    assert sofie.get(reverse("desk:live")).status_code == 403


def test_who_looked_stands_in_words(house: House, sofie: Client) -> None:
    at_desk(house, "ingrid").get(reverse("desk:person", args=[house.people["kari"]]))
    page = words(sofie.get(reverse("desk:looks", args=[house.people["kari"]])))
    assert "Who looked at Kari Moe" in page
    assert "Ingrid Berg their page" in page
    assert who_looked(house.id, house.people["kari"])[0][3] == "looks"
    assert at_desk(house, "ingrid").get(reverse("desk:looks", args=[house.people["kari"]])).status_code == 403


def test_every_page_that_opens_has_words_in_the_log_of_looks_in_the_language_of_who_reads_it() -> None:
    opened = {view.desk_page for _name, view, _given in desk_pages() if "GET" in getattr(view, "desk_methods", ())}
    shows_nobody = {"clock", "colleagues", "fresh", "help", "network", "own_day"}
    with translation.override("nb"):
        nothing_of_its_own = {page for page in opened if where_words("staff", page) == "noe som ble gjort"}
        assert nothing_of_its_own <= shows_nobody
        assert (where_words("staff", "campaign"), where_words("staff", "reply")) == (
            "nytt til mange",
            "noe som ble gjort",
        )
