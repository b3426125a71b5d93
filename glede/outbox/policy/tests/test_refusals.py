"""Refusals, limits, words and platforms, one by one."""

from datetime import date, timedelta

import pytest

from glede.outbox.policy import Basis, Counts, Decision, Reason, Window, answers_own_act, may_send
from glede.outbox.policy.tests.asking import TUESDAY, at, question, soft, yes
from glede.outbox.policy.vocabulary import Must, Purpose
from glede.outbox.policy.words import DETAIL, MUSTS, SENTENCES, gettext_noop

NIGHT = at("2026-11-24T23:00+01:00")
JUST_NOW = NIGHT - timedelta(minutes=9)
ALL_BY_TEXT = frozenset({("sms", "all")})


@pytest.mark.parametrize("purpose", ["booking", "reply", "acknowledgement", "order_ready"])
def test_an_answer_to_their_own_act_leaves_at_night(purpose: str) -> None:
    verdict = may_send(question(purpose, "email", answers_act_at=JUST_NOW), NIGHT)

    assert verdict.is_allowed
    assert verdict.codes() == (Reason.CARE, Reason.OWN_ACT)


@pytest.mark.parametrize("at_", [NIGHT - timedelta(minutes=10, seconds=1), NIGHT + timedelta(seconds=1), None])
def test_but_not_to_one_of_long_ago_or_of_the_future(at_: object) -> None:
    asked = question("booking", "email", answers_act_at=at_)

    assert not answers_own_act(asked, NIGHT)
    assert may_send(asked, NIGHT).decision == Decision.DEFER


def test_marketing_is_never_an_answer() -> None:
    asked = question("offer", "email", answers_act_at=JUST_NOW, person_consents=(soft(),))

    assert may_send(asked, NIGHT).decision == Decision.DEFER


@pytest.mark.parametrize("country", ["NO", "US"])
def test_safety_is_never_held(country: str) -> None:
    asked = question("safety", "sms", country, person_pause_until=date(2027, 1, 1), person_is_quiet=True,
                     counts=Counts(3, 9, 0), text="Your drops are recalled. Call 113.")  # fmt: skip

    verdict = may_send(asked, NIGHT + timedelta(hours=6))

    assert verdict.is_allowed
    assert verdict.codes()[-1] == Reason.SAFETY_FIRST


def test_quiet_means_quiet_but_for_answers() -> None:
    assert may_send(question("reminder", "email", person_is_quiet=True), TUESDAY).codes() == (Reason.QUIET,)
    assert may_send(question("reply", "email", person_is_quiet=True), TUESDAY).is_allowed
    own_act = question("booking", "email", person_is_quiet=True, answers_act_at=TUESDAY)
    assert may_send(own_act, TUESDAY).is_allowed


def test_a_pause_holds_until_its_day_and_then_the_hours() -> None:
    paused = question("reminder", "email", person_pause_until=date(2026, 12, 1))

    verdict = may_send(paused, TUESDAY)

    assert verdict.defer_until == at("2026-12-01T09:00+01:00")
    assert Reason.PAUSED in verdict.codes()
    assert may_send(question("reply", "email", person_pause_until=date(2026, 12, 1)), TUESDAY).is_allowed
    assert may_send(question("reminder", "email", person_pause_until=date(2026, 11, 24)), TUESDAY).is_allowed


def test_one_unprompted_message_a_day() -> None:
    verdict = may_send(question("thanks", "email", counts=Counts(today=1)), TUESDAY)

    assert verdict.defer_until == at("2026-11-25T09:00+01:00")
    assert Reason.ONE_A_DAY in verdict.codes()
    for logistics in ("booking", "reminder", "order_ready", "reply"):
        assert may_send(question(logistics, "email", counts=Counts(today=1)), TUESDAY).is_allowed


def test_three_texts_in_a_week() -> None:
    verdict = may_send(question("reminder", "sms", counts=Counts(texts_7_days=3)), TUESDAY)

    assert (verdict.decision, verdict.codes()) == (Decision.DENY, (Reason.ENOUGH_TEXTS,))
    assert verdict.reasons[0].params == {"limit": "3"}
    assert verdict.is_about_channel
    assert may_send(question("reminder", "sms", counts=Counts(texts_7_days=2)), TUESDAY).is_allowed
    assert may_send(question("reminder", "email", counts=Counts(texts_7_days=3)), TUESDAY).is_allowed
    assert may_send(question("reply", "sms", counts=Counts(texts_7_days=3)), TUESDAY).is_allowed


def test_two_advertisements_in_a_month() -> None:
    held = (soft(),)
    assert may_send(question("offer", "email", counts=Counts(0, 0, 1), person_consents=held), TUESDAY).is_allowed
    verdict = may_send(question("offer", "email", counts=Counts(0, 0, 2), person_consents=held), TUESDAY)
    assert verdict.codes() == (Reason.ENOUGH_MARKETING,)
    assert not verdict.is_about_channel


@pytest.mark.parametrize(
    ("opted_out", "purpose", "channel", "is_allowed"),
    [
        ({("sms", "marketing")}, "offer", "sms", False),
        ({("sms", "marketing")}, "reminder", "sms", True),
        ({("sms", "marketing")}, "offer", "email", True),
        ({("*", "marketing")}, "offer", "email", False),
        ({("sms", "all")}, "reminder", "sms", False),
        ({("sms", "all")}, "reminder", "email", True),
        ({("*", "all")}, "reminder", "email", False),
        ({("*", "all")}, "safety", "sms", False),
    ],
)
def test_what_an_opt_out_stops(opted_out: set[tuple[str, str]], purpose: str, channel: str, is_allowed: bool) -> None:
    asked = question(purpose, channel, person_opted_out=frozenset(opted_out), person_consents=(soft(),))

    verdict = may_send(asked, TUESDAY)

    assert verdict.is_allowed is is_allowed
    assert is_allowed or verdict.reasons[0].params["channel"] in {channel, "*"}


def test_one_receipt_of_an_opt_out_leaves() -> None:
    heard = TUESDAY - timedelta(minutes=1)
    receipt = question(
        "acknowledgement", "sms", person_opted_out=ALL_BY_TEXT, is_opt_out_receipt=True, answers_act_at=heard
    )

    assert may_send(receipt, TUESDAY).is_allowed
    assert not may_send(receipt, TUESDAY + timedelta(minutes=10)).is_allowed


def test_who_writes_again_is_answered() -> None:
    assert not may_send(question("reply", "sms", person_opted_out=ALL_BY_TEXT), TUESDAY).is_allowed
    assert may_send(question("reply", "sms", person_opted_out=ALL_BY_TEXT, has_written_since=True), TUESDAY).is_allowed
    reminder = question("reminder", "sms", person_opted_out=ALL_BY_TEXT, has_written_since=True)
    assert not may_send(reminder, TUESDAY).is_allowed


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Time for your glaucoma check", Reason.CLINICAL_WORD),
        ("Your injection is on Friday", Reason.CLINICAL_WORD),
        ("Outstanding balance: 400 kr", Reason.CLINICAL_WORD),
        ("Sph -2.25", Reason.CLINICAL_WORD),
        ("Du får dråper i øynene", Reason.PREPARATION),
        ("Reply CANCEL to cancel", Reason.STOP_WORD_AS_ANSWER),
        ("Gratis pussing i dag", Reason.PROMOTION),
    ],
)
def test_words_that_do_not_belong(text: str, reason: Reason) -> None:
    verdict = may_send(question("reminder", "sms", text=text), TUESDAY)

    assert verdict.codes() == (reason,)
    assert verdict.reasons[0].params["word"]


def test_preparation_for_those_who_allowed_it() -> None:
    asked = question("previsit", "sms", text="Du får dråper i øynene", person_allows_preparation=True)
    shared = question("previsit", "sms", text="Drops", person_allows_preparation=True, is_shared_contact=True)

    assert may_send(asked, TUESDAY).is_allowed
    assert may_send(shared, TUESDAY).codes() == (Reason.SHARED_ADDRESS,)


def test_a_sealed_letter_may_say_more() -> None:
    assert may_send(question("aftercare", "letter", text="Your glaucoma check"), TUESDAY).is_allowed


def test_a_colleague_may_speak_of_prices_but_not_of_illness() -> None:
    price = question("reply", "email", text="Yes, the voucher is valid. Rx follows.", is_by_person=True)
    illness = question("reply", "email", text="Your cataract", is_by_person=True)

    assert may_send(price, TUESDAY).is_allowed
    assert may_send(illness, TUESDAY).codes() == (Reason.CLINICAL_WORD,)


def test_a_name_is_no_promotion() -> None:
    text = "Win, see you at Sale Opticians tomorrow"

    assert not may_send(question("reminder", "sms", text=text), TUESDAY).is_allowed
    assert may_send(question("reminder", "sms", text=text, own_words=("Win", "Sale Opticians", "")), TUESDAY).is_allowed


def test_an_offer_may_promote() -> None:
    assert may_send(question("offer", "email", text="20 % off", person_consents=(soft(),)), TUESDAY).is_allowed


def test_others_products_and_others_money() -> None:
    held = (soft(),)
    foreign = question("offer", "email", person_consents=held, is_own_product=False)
    paid = question("offer", "email", "US", is_paid_by_others=True)

    assert Reason.NOT_OWN_PRODUCT in may_send(foreign, TUESDAY).codes()
    assert may_send(paid, TUESDAY).codes() == (Reason.PAID_BY_OTHERS,)


def test_a_choice_nobody_offered_is_no_soft_opt_in() -> None:
    verdict = may_send(question("offer", "email", person_consents=(soft(offered=False),)), TUESDAY)

    assert verdict.codes() == (Reason.NO_CHOICE_OFFERED, Reason.NO_CONSENT)


@pytest.mark.parametrize(
    ("more", "is_allowed"),
    [
        ({}, True),
        ({"purposes": frozenset({"greeting"})}, False),
        ({"purposes": frozenset({"offer"})}, True),
        ({"given_at": TUESDAY + timedelta(days=1)}, False),
        ({"given_at": TUESDAY}, True),
        ({"valid_until": TUESDAY}, False),
        ({"valid_until": TUESDAY + timedelta(days=1)}, True),
    ],
)
def test_how_far_a_yes_reaches(more: dict[str, object], is_allowed: bool) -> None:
    asked = question("offer", "email", person_consents=(yes("opt_in", "email", **more),))

    assert may_send(asked, TUESDAY).is_allowed is is_allowed


def test_a_british_yes_is_for_one_channel() -> None:
    everywhere = (yes("opt_in", "*"),)

    assert not may_send(question("offer", "email", "GB", person_consents=everywhere), TUESDAY).is_allowed
    assert may_send(question("offer", "email", "NO", person_consents=everywhere), TUESDAY).is_allowed


@pytest.mark.parametrize(
    ("channel", "purpose", "window", "codes"),
    [
        ("whatsapp", "reminder", Window(), {Reason.NO_PLATFORM_CONSENT, Reason.WINDOW_CLOSED}),
        ("whatsapp", "reminder", Window(has_consent=True, has_template=True), set()),
        ("whatsapp", "reply", Window(TUESDAY - timedelta(hours=23), has_consent=True), set()),
        ("instagram", "reply", Window(TUESDAY - timedelta(hours=23)), set()),
        ("instagram", "reply", Window(TUESDAY + timedelta(hours=1)), {Reason.WINDOW_CLOSED}),
        ("messenger", "reminder", Window(TUESDAY), {Reason.NOT_ON_THIS_CHANNEL}),
        (
            "messenger",
            "reply",
            Window(TUESDAY - timedelta(days=8), is_human_agent_approved=True),
            {Reason.WINDOW_CLOSED},
        ),
    ],
)
def test_platforms(channel: str, purpose: str, window: Window, codes: set[Reason]) -> None:
    verdict = may_send(question(purpose, channel, window=window, is_by_person=True), TUESDAY)

    assert verdict.is_allowed is (not codes)
    assert set(verdict.codes()) & codes == codes


def test_a_verdict_can_be_kept() -> None:
    kept = may_send(question("reminder", "email"), NIGHT).as_json()

    assert kept["decision"] == "defer"
    assert kept["basis"] == Basis.CARE
    assert kept["policy"] == "NO 2026-11-01"
    assert kept["reasons"] == [{"code": "care"}, {"code": "hours_of_practice"}]
    assert kept["defer_until"] == "2026-11-25T08:00:00+00:00"
    assert may_send(question("reminder", "email"), TUESDAY).as_json()["defer_until"] is None


def test_every_reason_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Reason)
    assert set(MUSTS) == set(Must)
    assert gettext_noop("as it is") == "as it is"
    assert not [sentence for sentence in SENTENCES.values() if "{" in sentence]
    assert "{word}" in DETAIL
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())
    assert len(set(SENTENCES.values())) == len(Reason)
    assert Purpose("reminder") in set(Purpose)
