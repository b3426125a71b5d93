"""Eighteen cases of the law, with the law's hours alone, and 7 and 9 with all three layers."""

from datetime import datetime, timedelta

import pytest

from glede.outbox.policy import Basis, Decision, Must, Origin, Reason, Verdict, Window, may_send
from glede.outbox.policy.question import Question
from glede.outbox.policy.tests.asking import CHICAGO, NEW_YORK, TUESDAY, at, question, soft, with_person, yes

REMINDER = "Kari, see you tomorrow at 10am. Reply 1 to confirm. Solberg Optikk"
LATE_IN_NEW_YORK = at("2026-11-24T21:05-05:00")
SUNDAY_IN_TEXAS = at("2026-11-29T10:00-06:00")


def by_law(asked: Question, now: datetime = TUESDAY) -> Verdict:
    return may_send(asked, now, law_alone=True)


def test_1_a_uk_reminder_needs_no_consent() -> None:
    verdict = by_law(question("reminder", "sms", "GB", text=REMINDER))

    assert (verdict.decision, verdict.basis) == (Decision.ALLOW, Basis.CARE)


def test_2_a_promotion_in_a_reminder_is_refused() -> None:
    verdict = by_law(question("reminder", "sms", "GB", text=REMINDER + " and 20 % off frames"))

    assert verdict.decision == Decision.DENY
    assert verdict.reasons[0].code == Reason.PROMOTION
    assert verdict.reasons[0].params == {"word": "%"}


def test_3_a_uk_customer_may_get_an_offer() -> None:
    verdict = by_law(question("offer", "email", "GB", person_consents=(soft("email"),)))

    assert (verdict.decision, verdict.basis) == (Decision.ALLOW, Basis.SOFT)
    assert Must.UNSUBSCRIBE in verdict.must_include


def test_4_but_not_from_a_competition() -> None:
    verdict = by_law(question("offer", "email", "GB", person_consents=(soft("email", Origin.CONTEST),)))

    assert verdict.decision == Decision.DENY
    assert Reason.NOT_FROM_SALE in verdict.codes()


def test_5_a_free_check_in_norway_is_no_sale() -> None:
    verdict = by_law(question("offer", "sms", "NO", person_consents=(soft("sms", Origin.FREE_VISIT),)))

    assert verdict.decision == Decision.DENY
    assert Reason.NOTHING_SOLD in verdict.codes()


def test_6_a_norwegian_sales_call_on_saturday_waits_for_monday() -> None:
    verdict = by_law(question("offer", "call", "NO"), at("2026-11-28T11:00+01:00"))

    assert verdict.decision == Decision.DEFER
    assert verdict.defer_until == at("2026-11-30T09:00+01:00")
    assert Reason.HOURS_OF_LAW in verdict.codes()


@pytest.mark.parametrize("region", ["NY", ""])
def test_7_an_american_offer_after_nine_waits_for_eight(region: str) -> None:
    asked = question(
        "offer", "sms", "US", person_zone=NEW_YORK, person_region=region, person_consents=(yes("written", "sms"),)
    )

    assert by_law(asked, LATE_IN_NEW_YORK).defer_until == at("2026-11-25T08:00-05:00")
    assert may_send(asked, LATE_IN_NEW_YORK).defer_until == at("2026-11-25T09:00-05:00")


def test_8_an_american_offer_needs_it_in_writing() -> None:
    verdict = by_law(question("offer", "sms", "US", person_consents=(yes("number_given", "sms"),)))

    assert (verdict.decision, verdict.codes()) == (Decision.DENY, (Reason.NO_WRITTEN_CONSENT,))


@pytest.mark.parametrize("region", ["TX", ""])
def test_9_texas_sleeps_until_noon_on_sunday(region: str) -> None:
    asked = question(
        "offer", "sms", "US",
        person_zone=CHICAGO, person_region=region, person_is_customer=False, person_consents=(yes("written", "sms"),),
    )  # fmt: skip

    assert by_law(asked, SUNDAY_IN_TEXAS).defer_until == at("2026-11-29T12:00-06:00")
    assert may_send(asked, SUNDAY_IN_TEXAS).defer_until == at("2026-11-30T09:00-06:00")


def test_9_but_texas_exempts_customers() -> None:
    asked = question(
        "offer", "sms", "US", person_zone=CHICAGO, person_region="TX", person_consents=(yes("written", "sms"),)
    )

    assert by_law(asked, SUNDAY_IN_TEXAS).is_allowed


def test_10_and_11_wait_for_their_countrys_rules() -> None:
    canada = question("recall", "email", "NO", person_country="CA", was_interval_set=True)
    australia = question("offer", "sms", "NO", person_country="AU", person_opted_out=frozenset({("sms", "marketing")}),
                         person_opted_out_at=TUESDAY - timedelta(days=8))  # fmt: skip

    assert by_law(canada).codes() == (Reason.NO_RULES,)
    assert by_law(australia).codes() == (Reason.NO_RULES, Reason.OPTED_OUT, Reason.OPT_OUT_OVERDUE)


def test_12_a_free_whatsapp_after_a_day_is_refused() -> None:
    asked = question("reply", "whatsapp", window=Window(TUESDAY - timedelta(hours=25), has_consent=True))
    verdict = by_law(asked)

    assert (verdict.decision, verdict.codes()) == (Decision.DENY, (Reason.WINDOW_CLOSED,))
    assert verdict.is_about_channel


def test_13_a_messenger_reminder_goes_another_way() -> None:
    verdict = by_law(question("reminder", "messenger", window=Window(TUESDAY - timedelta(days=3))))

    assert (verdict.decision, verdict.codes()) == (Decision.DENY, (Reason.NOT_ON_THIS_CHANNEL,))
    assert verdict.is_about_channel


def test_14_a_colleague_may_answer_on_messenger_for_a_week() -> None:
    window = Window(TUESDAY - timedelta(days=5), is_human_agent_approved=True)

    verdict = by_law(question("reply", "messenger", window=window, is_by_person=True))
    assert (verdict.decision, verdict.basis) == (Decision.ALLOW, Basis.HUMAN_AGENT)
    assert by_law(question("reply", "messenger", window=window)).codes() == (Reason.WINDOW_CLOSED,)


def test_15_a_diagnosis_chooses_nobody_for_an_offer() -> None:
    held = (soft("email"),)
    asked = question("offer", "email", "GB", uses_health_data=True, person_consents=held)
    agreed = question("offer", "email", "GB", uses_health_data=True, person_consents=(*held, yes("health_data", "*")))

    assert by_law(asked).codes() == (Reason.HEALTH_DATA,)
    assert by_law(agreed).is_allowed


def test_16_a_shared_number_gets_no_detail() -> None:
    told = question("aftercare", "sms", text="Your results are here", is_shared_contact=True)
    neutral = question("aftercare", "sms", text="Please call us. Solberg Optikk", is_shared_contact=True)

    assert by_law(told).codes() == (Reason.CLINICAL_WORD, Reason.SHARED_ADDRESS)
    assert by_law(neutral).is_allowed


@pytest.mark.parametrize("state", ["is_deceased", "has_moved_away", "is_under_safeguarding", "is_merged"])
def test_17_no_machine_writes_to_them(state: str) -> None:
    for purpose in ("reminder", "offer", "safety", "acknowledgement"):
        asked = with_person(question(purpose, "email", person_consents=(soft(),)), **{state: True})
        assert by_law(asked).decision == Decision.DENY
    by_hand = with_person(question("reply", "email", is_by_person=True), **{state: True})
    assert by_law(by_hand).is_allowed


def test_18_a_stop_thirty_seconds_ago_counts() -> None:
    asked = question("reminder", "sms", "US", text=REMINDER, person_consents=(yes("number_given", "sms"),))
    stopped = with_person(asked, opted_out=frozenset({("sms", "all")}), opted_out_at=TUESDAY - timedelta(seconds=30))

    assert by_law(asked).is_allowed
    assert by_law(stopped).codes() == (Reason.OPTED_OUT,)
