"""Colleagues come, sit in several practices, and are out the moment they leave."""

from datetime import UTC, datetime

import pytest
from django.test import RequestFactory

from glede.desk.signing_in.adapter import StaffAdapter
from glede.kernel.actor import SYSTEM
from glede.practices.operations import NewPractice, start_practice
from glede.staff import operations, queries
from glede.staff.models import Role, User

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def practice(name="Solberg", **more):
    return start_practice(NewPractice(name, "NO", "nb", "Europe/Oslo", **more), by=SYSTEM, now=NOW)


def hire(practice_id, email="ingrid@solberg.example", role=Role.RECEPTIONIST, password="a long enough sentence"):
    new = operations.NewColleague(email, "Ingrid", role, password)
    return operations.add_colleague(practice_id=practice_id, new=new, by=SYSTEM, now=NOW)


def test_one_person_may_sit_in_two_practices_with_one_password():
    ours, theirs = practice(), practice("Nordlys")
    first, second = hire(ours.pk), hire(theirs.pk, "Ingrid@Solberg.example", password="another sentence of hers")
    assert first.user == second.user
    assert first.user.check_password("a long enough sentence")
    assert [m.practice_id for m in queries.memberships_of(first.user)] == [theirs.pk, ours.pk]


def test_nobody_is_let_in_twice():
    ours = practice()
    hire(ours.pk)
    with pytest.raises(operations.AlreadyHere):
        hire(ours.pk)


def test_whoever_left_belongs_no_more_but_is_still_named():
    ours = practice()
    member = hire(ours.pk)
    operations.end_membership(practice_id=ours.pk, membership_id=member.pk, by=SYSTEM, now=NOW)
    assert queries.memberships_of(member.user) == []
    assert queries.colleagues(ours.pk) == []
    assert queries.colleague_names(ours.pk)[member.pk] == "Ingrid"
    with pytest.raises(LookupError):
        queries.user_of(ours.pk, member.pk)


def test_another_practice_cannot_end_a_place():
    ours, theirs = practice(), practice("Nordlys")
    member = hire(ours.pk)
    operations.end_membership(practice_id=theirs.pk, membership_id=member.pk, by=SYSTEM, now=NOW)
    assert len(queries.colleagues(ours.pk)) == 1


def test_the_owner_of_a_demonstration_is_no_owner():
    demo = practice("Look around", virtual_now=NOW, is_demo=True)
    hire(demo.pk, "sofie@demo.example", Role.OWNER)
    assert not queries.owner_exists()
    hire(practice().pk, "sofie@solberg.example", Role.OWNER)
    assert queries.owner_exists()


def test_chairs_stand_in_order_and_end():
    ours = practice()
    given = {"practice_id": ours.pk, "by": SYSTEM, "now": NOW}
    for n, name in enumerate(("Jon", "Amal")):
        operations.add_practitioner(new=operations.NewPractitioner(name, name, sort=2 - n), **given)
    amal, jon = queries.practitioners(ours.pk)
    assert (amal.given_name, jon.given_name) == ("Amal", "Jon")
    operations.end_practitioner(practitioner_id=jon.id, **given)
    assert [c.id for c in queries.practitioners(ours.pk)] == [amal.id]


def test_nobody_signs_up_alone():
    assert not StaffAdapter().is_open_for_signup(RequestFactory().get("/"))


def test_a_user_without_a_password_has_none_that_works():
    user = User.objects.create_user("x@y.example")
    assert not user.has_usable_password()
