"""Decisions about people from values alone."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.kernel.ids import new_id
from glede.people.rules.consent import consent_states, has_refused, opted_out
from glede.people.rules.contacts import Known, from_list, normal
from glede.people.rules.fields import (
    FIELDS,
    Value,
    as_text,
    changes,
    commitment,
    fields_set_here,
    personal_part,
    salted_hash,
)
from glede.people.rules.reaching import channels_to_try, likes_calls
from glede.people.rules.wishes import UnreadableWish, as_preference, changed, wished
from glede.people.values import CHANNELS, ConsentFact, Contact, Preference, Scope, Wishes

START = datetime(2026, 11, 1, tzinfo=UTC)
ACTIONS = ("grant", "withdraw", "object", "soft_optin_recorded", "expire", "import")
PURPOSES = ("all", "marketing", "offer", "review", "greeting", "health_data")


def fact(action: str, purpose: str = "marketing", channel: str = "sms", day: int = 0) -> ConsentFact:
    return ConsentFact(action, purpose, channel, START + timedelta(days=day))


facts = st.builds(
    fact,
    st.sampled_from(ACTIONS),
    st.sampled_from(PURPOSES),
    st.sampled_from((*CHANNELS, "*")),
    st.integers(0, 4),
)
histories = st.lists(facts, max_size=12)


def refused(*history: ConsentFact) -> frozenset[tuple[str, Scope]]:
    return opted_out(consent_states(history))


def test_blank_means_nothing_was_allowed_or_refused() -> None:
    assert consent_states([]) == ()


def test_a_withdrawal_beats_a_grant_of_the_same_moment() -> None:
    assert refused(fact("withdraw"), fact("grant")) == {("sms", "marketing")}


def test_only_a_later_grant_lifts_a_withdrawal() -> None:
    assert refused(fact("withdraw"), fact("grant", day=1)) == set()
    assert refused(fact("withdraw"), fact("import", day=1)) == {("sms", "marketing")}
    assert refused(fact("withdraw"), fact("soft_optin_recorded", day=1)) == {("sms", "marketing")}


def test_refusing_on_every_channel_covers_each_one() -> None:
    assert refused(fact("withdraw", channel="*")) == {("*", "marketing")}


def test_a_grant_on_one_channel_opens_that_channel_alone() -> None:
    still = refused(fact("withdraw", channel="*"), fact("grant", channel="sms", day=1))
    assert ("sms", "marketing") not in still
    assert {channel for channel, _ in still} == set(CHANNELS) - {"sms"}


def test_refusing_marketing_takes_back_a_review_request_but_not_health_data() -> None:
    history = [fact("grant", "review"), fact("grant", "health_data"), fact("withdraw", "marketing", day=1)]
    given_now = {state.purpose for state in consent_states(history) if state.is_given}
    assert given_now == {"health_data"}


def test_who_refuses_all_refuses_marketing_too() -> None:
    assert has_refused(refused(fact("withdraw", "all", "*")), "email", "marketing")
    assert not has_refused(refused(fact("withdraw", "marketing", "*")), "email", "all")


def test_a_grant_ends_by_expiry_and_a_withdrawal_does_not() -> None:
    assert consent_states([fact("grant"), fact("expire", day=1)]) == ()
    assert refused(fact("withdraw"), fact("expire", day=1)) == {("sms", "marketing")}


def test_of_one_moment_what_allows_least_holds() -> None:
    both = [fact("soft_optin_recorded"), fact("grant")]
    assert [state.action for state in consent_states(both)] == ["soft_optin_recorded"]
    assert consent_states(both) == consent_states(both[::-1])


@given(histories, st.randoms())
def test_the_order_in_which_events_are_read_does_not_matter(history: list[ConsentFact], random: object) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert consent_states(shuffled) == consent_states(history)


@given(histories, st.sampled_from(CHANNELS), st.sampled_from(("marketing", "all")))
def test_nothing_is_allowed_after_a_refusal(history: list[ConsentFact], channel: str, scope: str) -> None:
    last = fact("withdraw", scope, channel, day=9)
    states = consent_states([*history, last])
    assert has_refused(opted_out(states), channel, "marketing")
    wide = {"all", "marketing", "offer", "review", "greeting"} - ({"all"} if scope == "marketing" else set())
    assert not any(s.is_given and s.purpose in wide and s.channel in {channel, "*"} for s in states)


@given(histories, st.sampled_from(CHANNELS))
def test_what_a_list_says_never_lifts_a_refusal(history: list[ConsentFact], channel: str) -> None:
    before = {pair for pair in refused(*history) if has_refused(refused(*history), channel, "marketing")}
    after = refused(*history, fact("import", "marketing", channel, day=9), fact("import", "all", "*", day=9))
    assert not before or has_refused(after, channel, "marketing")


@given(histories)
def test_no_purpose_stands_both_given_and_refused_on_a_channel(history: list[ConsentFact]) -> None:
    keys = [(s.purpose, s.channel) for s in consent_states(history)]
    assert len(keys) == len(set(keys))


def test_an_import_leaves_alone_what_was_set_here_and_never_blanks() -> None:
    current: dict[str, Value] = {"given_name": "Kari", "family_name": "Moe", "birth_date": date(1955, 3, 2)}
    wanted: dict[str, Value] = {"given_name": "KARI", "family_name": "Moe-Lie", "birth_date": None}
    found = changes(current, wanted, role="import", ours={"given_name"})
    assert [(c.field, c.was, c.value) for c in found.made] == [("family_name", "Moe", "Moe-Lie")]
    assert found.kept_ours == ("given_name",)


def test_a_colleague_may_blank_a_field() -> None:
    assert changes({"how_to_say": "x"}, {"how_to_say": ""}, role="staff", ours=()).made[0].value == ""


def test_a_field_counts_as_set_here_by_who_changed_it_last() -> None:
    current: dict[str, object] = dict.fromkeys(FIELDS, "")
    current |= {"given_name": "Kari", "family_name": "Moe"}
    assert fields_set_here(current, "import", {"given_name": "staff"}) == {"given_name"}
    assert fields_set_here(current, "staff", {"given_name": "import"}) == {"family_name"}


@given(st.dictionaries(st.sampled_from(("given_name", "family_name", "phone_1")), st.text(max_size=20)))
def test_a_commitment_depends_on_the_words_and_the_key_alone(said: dict[str, str]) -> None:
    turned = dict(reversed(list(said.items())))
    assert commitment(b"k" * 32, said) == commitment(b"k" * 32, turned)
    assert commitment(b"k" * 32, said) != commitment(b"l" * 32, said)
    assert commitment(b"k" * 32, said | {"note": "more"}) != commitment(b"k" * 32, said)


def test_the_personal_part_is_canonical() -> None:
    assert personal_part({"b": date(2026, 1, 2), "a": "ø", "c": None}) == '{"a":"ø","b":"2026-01-02"}'.encode()
    assert as_text(None) == ""


def test_a_salted_hash_keeps_kinds_and_practices_apart() -> None:
    assert len({salted_hash(p, k, "a") for p in (b"1", b"2") for k in ("phone", "email")}) == 4


def test_a_list_ends_only_what_a_list_brought() -> None:
    theirs = Known(new_id(), "phone", "+4740000001", "import")
    ours = Known(new_id(), "phone", "+4740000002", "staff")
    gone = Known(new_id(), "email", "old@example.org", "import", ended_by="staff")
    wanted = [n for n in (normal("phone", "400 00 003", "NO"), normal("email", "OLD@example.org", "NO")) if n]
    found = from_list([theirs, ours, gone], wanted)
    assert [n.address for n in found.added] == ["+4740000003"]
    assert found.ended == (theirs.id,)


def test_a_list_that_names_no_phone_leaves_phones_alone() -> None:
    theirs = Known(new_id(), "phone", "+4740000001", "import")
    assert from_list([theirs], []).ended == ()


@given(st.lists(st.sampled_from(("400 00 001", "+47 40000002", "a@example.org", "B@example.org")), max_size=6))
def test_bringing_the_same_list_again_changes_nothing(typed: list[str]) -> None:
    wanted = [n for t in typed for n in [normal("email" if "@" in t else "phone", t, "NO")] if n]
    held = [Known(new_id(), n.kind, n.address, "import") for n in {n.address: n for n in wanted}.values()]
    again = from_list(held, wanted)
    assert (again.added, again.ended) == ((), ())


def test_a_landline_takes_no_texts() -> None:
    landline, mobile = normal("phone", "22 12 34 56", "NO"), normal("phone", "912 34 567", "NO")
    assert landline is not None
    assert mobile is not None
    assert (landline.takes_texts, mobile.takes_texts) == (False, True)


def contact(kind: str, *, takes_texts: bool = True) -> Contact:
    return Contact(new_id(), "phone" if kind == "phone" else "email", "x", is_verified=False, takes_texts=takes_texts)


@pytest.mark.parametrize(
    ("wishes", "style", "kinds", "expected"),
    [
        ((), "friendly", ("phone", "email"), ("sms", "email", "call")),
        ((), "call", ("phone", "email"), ("call",)),
        (("email",), "friendly", ("phone",), ()),
        (("sms", "call"), "short", ("phone",), ("sms", "call")),
        ((), "friendly", ("email",), ("email",)),
        ((), "friendly", (), ()),
    ],
)
def test_a_person_is_tried_where_they_wish_and_can_be_reached(
    wishes: tuple[str, ...], style: str, kinds: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert channels_to_try(wishes, style, [contact(kind) for kind in kinds]) == expected


def test_a_landline_is_called_and_never_texted() -> None:
    assert channels_to_try((), "friendly", [contact("phone", takes_texts=False)]) == ("call",)


def test_who_likes_calls() -> None:
    assert likes_calls((), "call")
    assert likes_calls(("call", "sms"), "friendly")
    assert not likes_calls(("sms", "call"), "friendly")


def test_wishes_left_open_stay_as_they_were() -> None:
    before = Preference(channels=("sms",), hours_from=time(10), hours_to=time(18), pause_until=date(2026, 12, 1))
    after = wished(before, Wishes(quiet_all=True, pause_until="none"))
    assert after == Preference(("sms",), (), time(10), time(18), None, quiet_all=True)
    assert changed(before, after) == ["pause_until", "quiet_all"]
    assert wished(after, Wishes(hours="any")).hours_from is None
    assert as_preference({}) == Preference()


@pytest.mark.parametrize("wishes", [Wishes(channels=("fax",)), Wishes(days=(7,)), Wishes(hours=(time(18), time(10)))])
def test_a_wish_that_cannot_be_is_refused(wishes: Wishes) -> None:
    with pytest.raises(UnreadableWish):
        wished(Preference(), wishes)
