"""Every cell of the table of docs/rules.md, for the four jurisdictions whose rules are written, and elsewhere."""

import pytest

from glede.outbox.policy import Basis, Decision, Must, Purpose, Reason, is_live_allowed, may_send
from glede.outbox.policy.book import jurisdiction_of
from glede.outbox.policy.tests.asking import TUESDAY, question, soft, yes

# purpose: EU, UK, NO, US by text, US by e-mail
TABLE = {
    "booking": ("CARE", "CARE", "CARE", "PEC", "CARE"),
    "thanks": ("CARE", "CARE", "CARE", "PEC", "CARE"),
    "reminder": ("CARE", "CARE", "CARE", "PEC", "CARE"),
    "previsit": ("CARE", "CARE", "CARE", "PEC", "CARE"),
    "order_ready": ("CARE", "CARE", "CARE", "PEC", "CARE"),
    "aftercare": ("CARE", "CARE", "CARE", "PEC", "CARE"),
    "safety": ("CARE", "CARE", "CARE", "EMERGENCY", "CARE"),
    "reply": ("CARE", "CARE", "CARE", "ALLOWED", "ALLOWED"),
    "acknowledgement": ("CARE", "CARE", "CARE", "ALLOWED", "ALLOWED"),
    "recall": ("CARE*", "CARE*", "CARE* else SOFT", "PEC", "CARE"),
    "survey": ("SOFT", "CARE if clean", "SOFT", "PEC", "CARE"),
    "review": ("SOFT", "SOFT", "SOFT", "PEWC", "CS"),
    "referrer_thanks": ("CARE", "CARE", "CARE", "PEC", "CARE"),
    "greeting": ("SOFT", "SOFT", "SOFT", "PEWC", "CS"),
    "offer": ("SOFT", "SOFT", "SOFT", "PEWC", "CS"),
    "winback": ("OPT", "OPT", "OPT", "PEWC", "CS"),
    "third_party": ("X", "X", "X", "X", "X"),
}
EVERYTHING = {"nothing", "soft", "opt_in", "number_given", "written"}
ENOUGH = {
    "CARE": EVERYTHING,
    "CARE if clean": EVERYTHING,
    "EMERGENCY": EVERYTHING,
    "ALLOWED": EVERYTHING,
    "CS": EVERYTHING,
    "CARE*": set(),
    "CARE* else SOFT": {"soft", "opt_in", "written"},
    "SOFT": {"soft", "opt_in", "written"},
    "OPT": {"opt_in", "written"},
    "PEC": {"number_given", "opt_in", "written"},
    "PEWC": {"written"},
    "X": set(),
}
PLACES = (("DE", "sms", 0), ("DE", "email", 0), ("GB", "sms", 1), ("GB", "email", 1), ("NO", "sms", 2),
          ("NO", "email", 2), ("US", "sms", 3), ("US", "email", 4))  # fmt: skip
CELLS = [
    (purpose, country, channel, row[column], held)
    for purpose, row in TABLE.items()
    for country, channel, column in PLACES
    for held in sorted(EVERYTHING)
]


def held_by(held: str, channel: str) -> tuple[object, ...]:
    if held == "nothing":
        return ()
    return (soft(channel),) if held == "soft" else (yes(held, channel),)


def test_the_table_names_every_purpose() -> None:
    assert set(TABLE) == set(Purpose)


@pytest.mark.parametrize(("purpose", "country", "channel", "code", "held"), CELLS)
def test_cell(purpose: str, country: str, channel: str, code: str, held: str) -> None:
    asked = question(purpose, channel, country, person_consents=held_by(held, channel))

    verdict = may_send(asked, TUESDAY)

    assert verdict.is_allowed is (held in ENOUGH[code]), verdict
    assert verdict.reasons
    assert verdict.policy.startswith(jurisdiction_of(country))


@pytest.mark.parametrize(("country", "channel", "column"), PLACES)
def test_a_recall_set_by_a_clinician_is_care(country: str, channel: str, column: int) -> None:
    verdict = may_send(question("recall", channel, country, was_interval_set=True), TUESDAY)

    assert verdict.is_allowed is (TABLE["recall"][column] != "PEC")


@pytest.mark.parametrize("country", ["DE", "GB"])
def test_a_recall_nobody_set_says_so(country: str) -> None:
    verdict = may_send(question("recall", "email", country), TUESDAY)

    assert verdict.codes() == (Reason.INTERVAL_NOT_SET,)
    assert verdict.basis == Basis.CARE_IF_NEUTRAL


@pytest.mark.parametrize("words", ["20 % off frames", "Tilbud denne uken"])
def test_a_neutral_purpose_with_a_promotion_is_none(words: str) -> None:
    assert may_send(question("survey", "email", "GB", text=words), TUESDAY).decision == Decision.DENY
    asked = question("recall", "email", "GB", text=words, was_interval_set=True)
    assert Reason.PROMOTION in may_send(asked, TUESDAY).codes()


def test_a_norwegian_recall_with_a_promotion_needs_a_customer() -> None:
    words = "Tid for kontroll. Tilbud denne uken. Avmeld her"
    told = question("recall", "email", "NO", text=words, was_interval_set=True)
    customer = question("recall", "email", "NO", text=words, was_interval_set=True, person_consents=(soft(),))

    assert may_send(told, TUESDAY).decision == Decision.DENY
    assert may_send(customer, TUESDAY).basis == Basis.SOFT


CARE_ABROAD = [p for p, row in TABLE.items() if row[:3] == ("CARE", "CARE", "CARE")]


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("channel", ["sms", "email"])
def test_elsewhere_only_care_is_sent(purpose: Purpose, channel: str) -> None:
    everything = (soft(channel), yes("written", channel), yes("number_given", channel))
    verdict = may_send(question(purpose, channel, "BR", person_consents=everything), TUESDAY)

    assert verdict.is_allowed is (purpose in CARE_ABROAD)
    if purpose not in CARE_ABROAD and purpose != Purpose.THIRD_PARTY:
        assert verdict.codes() == (Reason.NO_RULES,)
        assert verdict.basis == Basis.NO_RULES


WITH_RULES, WITHOUT = ("NO", "gb", "FR", "IS", "US"), ("BR", "CH", "CA", "AU", "")


@pytest.mark.parametrize(("country", "is_live"), [*((c, True) for c in WITH_RULES), *((c, False) for c in WITHOUT)])
def test_live_is_for_countries_with_rules(country: str, is_live: bool) -> None:
    assert is_live_allowed(country) is is_live


@pytest.mark.parametrize(
    ("purpose", "channel", "country", "held", "must"),
    [
        ("reminder", "sms", "NO", (), (Must.SENDER,)),
        ("offer", "email", "NO", (soft(),), (Must.SENDER, Must.UNSUBSCRIBE)),
        ("reminder", "sms", "US", (yes("number_given", "sms"),), (Must.SENDER, Must.CONTACT)),
        ("offer", "email", "US", (), (Must.SENDER, Must.UNSUBSCRIBE, Must.POSTAL_ADDRESS, Must.AD_NOTICE)),
        ("offer", "call", "NO", (), (Must.SENDER, Must.VISIBLE_NUMBER)),
    ],
)
def test_what_the_words_must_hold(
    purpose: str, channel: str, country: str, held: tuple[object, ...], must: object
) -> None:
    assert may_send(question(purpose, channel, country, person_consents=held), TUESDAY).must_include == must


OVERLAYS = [
    ("reminder", "call", "NO", {}, Basis.CARE, True),
    ("reminder", "letter", "US", {}, Basis.CARE, True),
    ("offer", "call", "GB", {}, Basis.REGISTER, False),
    ("offer", "call", "GB", {"person_is_on_register": False}, Basis.REGISTER, True),
    ("offer", "call", "GB", {"person_is_on_register": True}, Basis.REGISTER, False),
    ("offer", "call", "GB", {"person_consents": (yes("opt_in", "call"),)}, Basis.REGISTER, True),
    ("offer", "call", "NO", {}, Basis.REGISTER, True),
    ("offer", "call", "NO", {"person_is_customer": False}, Basis.REGISTER, False),
    ("offer", "call", "DE", {}, Basis.OPT, False),
    ("offer", "letter", "DE", {}, Basis.OBJECTION, True),
    ("offer", "letter", "DE", {"person_opted_out": frozenset({("letter", "marketing")})}, Basis.OBJECTION, False),
    ("offer", "letter", "NO", {"person_is_customer": False, "person_is_on_register": True}, Basis.REGISTER, False),
    ("reminder", "voice", "NO", {}, Basis.OPT, False),
    ("reminder", "voice", "NO", {"person_consents": (yes("opt_in", "voice"),)}, Basis.OPT, True),
    ("offer", "voice", "US", {"person_consents": (yes("opt_in", "voice"),)}, Basis.PEWC, False),
    ("third_party", "voice", "NO", {"person_consents": (yes("opt_in", "voice"),)}, Basis.NEVER, False),
    ("third_party", "call", "NO", {}, Basis.NEVER, False),
    ("offer", "call", "BR", {}, Basis.NO_RULES, False),
    ("reminder", "call", "BR", {}, Basis.CARE, True),
]  # fmt: skip


@pytest.mark.parametrize(("purpose", "channel", "country", "changes", "basis", "is_allowed"), OVERLAYS)
def test_overlays(
    purpose: str, channel: str, country: str, changes: dict[str, object], basis: Basis, is_allowed: bool
) -> None:
    verdict = may_send(question(purpose, channel, country, **changes), TUESDAY)

    assert (verdict.is_allowed, verdict.basis) == (is_allowed, basis), verdict


def test_a_spoken_reminder_is_no_marketing() -> None:
    asked = question("reminder", "voice", "NO", person_consents=(yes("opt_in", "voice"),))
    sunday = TUESDAY.replace(day=29)

    assert may_send(asked, sunday).is_allowed
