"""What holds of every question at every moment (clock changes of 2026 and 2027 among them)."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import assume, event, given
from hypothesis import strategies as st

from glede.kernel.clock import wall
from glede.outbox.policy import Basis, Channel, Counts, Decision, Purpose, Question, Reason, may_send
from glede.outbox.policy.book import edition_for, holidays
from glede.outbox.policy.question import Person
from glede.outbox.policy.tests.asking import with_person
from glede.outbox.policy.tests.questions import channels, moments, questions, welcome
from glede.outbox.policy.vocabulary import SERVICE_BASES

Refusal = Callable[[Question, datetime], Question]


def opted_out(channel: str, scope: str) -> Refusal:
    def refuse(asked: Question, now: datetime) -> Question:
        return with_person(asked, opted_out=asked.person.opted_out | {(channel, scope)}, opted_out_at=now)

    return refuse


def fewer_consents(asked: Question, now: datetime) -> Question:
    return with_person(asked, consents=asked.person.consents[:-1])


def narrower_hours(asked: Question, now: datetime) -> Question:
    begins = asked.person.hours_from or time(0)
    return with_person(asked, hours_from=time(min(begins.hour + 3, 23), begins.minute))


def fewer_days(asked: Question, now: datetime) -> Question:
    left = frozenset(sorted(asked.person.days or frozenset(range(7)))[1:])
    return with_person(asked, days=left) if left else asked


def longer_pause(asked: Question, now: datetime) -> Question:
    until = now.date() + timedelta(days=3)
    return with_person(asked, pause_until=max(until, asked.person.pause_until or until))


def more_messages(asked: Question, now: datetime) -> Question:
    held = asked.counts
    return replace(asked, counts=Counts(held.today + 1, held.texts_7_days + 1, held.marketing_30_days + 1))


REFUSALS: list[Refusal] = [
    *(opted_out(channel, scope) for channel in ("*", "sms", "email") for scope in ("marketing", "all")),
    lambda asked, now: with_person(asked, is_quiet=True),
    lambda asked, now: with_person(asked, is_deceased=True),
    lambda asked, now: with_person(asked, is_merged=True),
    lambda asked, now: with_person(asked, has_moved_away=True),
    lambda asked, now: with_person(asked, is_under_safeguarding=True),
    lambda asked, now: with_person(asked, allows_preparation=False),
    lambda asked, now: with_person(asked, is_on_register=True),
    lambda asked, now: replace(asked, is_shared_contact=True),
    lambda asked, now: replace(asked, uses_health_data=True),
    lambda asked, now: replace(asked, is_paid_by_others=True),
    lambda asked, now: replace(asked, is_own_product=False),
    fewer_consents,
    narrower_hours,
    fewer_days,
    longer_pause,
    more_messages,
]


@given(questions, moments)
def test_a_decision_carries_its_ground_and_a_reason(asked: Question, now: datetime) -> None:
    verdict = may_send(asked, now)

    event(verdict.decision)
    assert isinstance(verdict.basis, Basis)
    assert verdict.reasons
    assert verdict.policy
    assert (verdict.defer_until is not None) is (verdict.decision == Decision.DEFER)
    assert verdict == may_send(asked, now)
    assert json.loads(json.dumps(verdict.as_json()))["decision"] == verdict.decision


@given(questions, moments, channels, st.sampled_from(["*", "channel"]))
def test_nothing_is_allowed_after_all_was_refused(asked: Question, now: datetime, channel: Channel, where: str) -> None:
    refused = (str(asked.channel) if where == "channel" else "*", "all")
    asked = with_person(asked, opted_out=frozenset({refused}))

    verdict = may_send(asked, now)

    assert verdict.decision == Decision.DENY
    assert Reason.OPTED_OUT in verdict.codes()


@given(questions, moments)
def test_no_marketing_after_marketing_was_refused(asked: Question, now: datetime) -> None:
    verdict = may_send(with_person(asked, opted_out=frozenset({("*", "marketing")})), now)

    assert verdict.decision == Decision.DENY or verdict.basis in SERVICE_BASES or asked.channel == Channel.VOICE
    if verdict.basis not in SERVICE_BASES and verdict.decision != Decision.DENY:
        assert asked.purpose not in {Purpose.OFFER, Purpose.WINBACK, Purpose.GREETING, Purpose.REVIEW}


@given(questions | welcome, moments, st.sampled_from(REFUSALS))
def test_one_refusal_more_never_opens_anything(asked: Question, now: datetime, refuse: Refusal) -> None:
    before = may_send(asked, now)
    after = may_send(refuse(asked, now), now)

    if before.decision == Decision.DENY:
        assert after.decision == Decision.DENY
    if before.decision == Decision.DEFER:
        assert after.decision != Decision.ALLOW
    if before.defer_until and after.defer_until:
        assert after.defer_until >= before.defer_until


@given(welcome, moments)
def test_a_held_message_waits_for_a_moment_in_all_three_layers(asked: Question, now: datetime) -> None:
    verdict = may_send(asked, now)
    assume(verdict.decision == Decision.DEFER)
    until = verdict.defer_until
    assert until is not None

    assert until > now
    assert until.tzinfo is UTC
    local = wall(until, asked.person.zone)
    is_marketing = verdict.basis not in SERVICE_BASES and not is_spoken_service(asked)
    assert lawful(asked, local, is_marketing=is_marketing)
    assert within(local, asked.place.hours_from, asked.place.hours_to)
    assert personal(asked.person, local)
    if is_marketing:
        assert local.date() not in asked.place.closed_on
        assert local.weekday() < 5 or (local.weekday() == 5 and time(10) <= local.time() < time(16))


@given(welcome, moments)
def test_what_waited_may_leave_when_its_hour_comes(asked: Question, now: datetime) -> None:
    verdict = may_send(asked, now)
    assume(verdict.defer_until is not None)
    assert verdict.defer_until is not None
    tomorrow = replace(asked, counts=replace(asked.counts, today=0))

    assert may_send(tomorrow, verdict.defer_until).is_allowed


@given(questions | welcome, moments)
def test_the_law_alone_is_never_narrower(asked: Question, now: datetime) -> None:
    whole, law = may_send(asked, now), may_send(asked, now, law_alone=True)

    if whole.decision == Decision.ALLOW:
        assert law.decision == Decision.ALLOW
    if whole.defer_until and law.defer_until:
        assert law.defer_until <= whole.defer_until


def is_spoken_service(asked: Question) -> bool:
    country = asked.person.country or asked.place.country
    cell = edition_for(country, date(2026, 11, 24)).code(asked.purpose, "email")
    return asked.channel == Channel.VOICE and cell in {"CARE", "CARE*", "CARE* else SOFT", "REPLY"}


def within(local: datetime, begins: time, ends: time) -> bool:
    return local.time() >= begins and (ends == time(0) or local.time() < ends)


def personal(person: Person, local: datetime) -> bool:
    on_day = not person.days or local.weekday() in person.days
    return on_day and within(local, person.hours_from or time(0), person.hours_to or time(0))


def lawful(asked: Question, local: datetime, *, is_marketing: bool) -> bool:
    country = asked.person.country or asked.place.country
    if country == "NO" and asked.channel == Channel.CALL and is_marketing:
        edition = edition_for("NO", local.date())
        is_holiday = local.date() in holidays(edition.hours[0].not_on, local.year)
        return local.weekday() < 5 and time(9) <= local.time() < time(21) and not is_holiday
    if country != "US" or asked.channel in {Channel.EMAIL, Channel.LETTER}:
        return True
    if asked.channel == Channel.CALL and not is_marketing:
        return True
    return time(8) <= local.time() < time(21)
