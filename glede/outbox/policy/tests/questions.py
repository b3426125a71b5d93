"""Hypothesis strategies: any question at any moment of 2026 and 2027, most of them near a change of clocks."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from glede.outbox.policy import Channel, Consent, ConsentKind, Counts, Origin, Person, Place, Purpose, Question, Window

CHANGES = [
    datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC),
    datetime(2026, 3, 8, 8, tzinfo=UTC), datetime(2026, 11, 1, 7, tzinfo=UTC),
    datetime(2027, 3, 14, 8, tzinfo=UTC), datetime(2027, 11, 7, 7, tzinfo=UTC),
]  # fmt: skip
ZONES = [
    "Europe/Oslo",
    "Europe/London",
    "America/Chicago",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Lord_Howe",
]
TEXTS = ["", "Kari, see you tomorrow at 10am.", "20 % off", "Your drops", "Your cataract visit", "Reply CANCEL"]

YES = tuple(
    Consent(kind, str(channel), origin=Origin.SALE, was_choice_offered=True)
    for kind in (ConsentKind.SOFT, ConsentKind.WRITTEN)
    for channel in Channel
)

near_a_change = st.builds(lambda change, minutes: change + timedelta(minutes=minutes),
                          st.sampled_from(CHANGES), st.integers(-3000, 3000))  # fmt: skip
any_time = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))
moments = near_a_change | any_time
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
no_or = st.none() | times
channels = st.sampled_from(list(Channel))
opt_outs = st.frozensets(st.tuples(st.sampled_from([*Channel, "*"]), st.sampled_from(["marketing", "all"])), max_size=3)
dates = st.dates(date(2026, 1, 1), date(2028, 1, 31))

consents = st.builds(
    Consent,
    kind=st.sampled_from(ConsentKind),
    channel=st.sampled_from([*Channel, "*"]),
    purposes=st.just(frozenset()) | st.frozensets(st.sampled_from(list(Purpose)), max_size=3),
    given_at=st.none() | moments,
    valid_until=st.none() | moments,
    origin=st.sampled_from(Origin),
    was_choice_offered=st.booleans(),
)
people = st.builds(
    Person,
    zone=st.sampled_from(ZONES),
    country=st.sampled_from(["", "NO", "GB", "DE", "US", "BR"]),
    region=st.sampled_from(["", "TX", "FL", "NY"]),
    days=st.just(frozenset()) | st.frozensets(st.integers(0, 6), max_size=7),
    hours_from=no_or,
    hours_to=no_or,
    pause_until=st.none() | dates,
    is_quiet=st.booleans(),
    opted_out=st.just(frozenset()) | opt_outs,
    opted_out_at=st.none() | moments,
    consents=st.lists(consents, max_size=4).map(tuple),
    is_customer=st.booleans(),
    is_on_register=st.sampled_from([None, True, False]),
    is_deceased=st.just(False),
    allows_preparation=st.booleans(),
)
places = st.builds(
    Place,
    country=st.sampled_from(["NO", "GB", "DE", "US", "BR"]),
    region=st.sampled_from(["", "TX", "NY"]),
    hours_from=st.just(time(9)) | times,
    hours_to=st.just(time(20)) | times,
    closed_on=st.frozensets(dates, max_size=3),
)
counts = st.just(Counts()) | st.builds(Counts, st.integers(0, 2), st.integers(0, 4), st.integers(0, 3))
windows = st.builds(Window, st.none() | moments, st.booleans(), st.booleans(), st.booleans())
welcome = st.builds(
    Question,
    purpose=st.sampled_from(Purpose),
    channel=st.sampled_from([Channel.SMS, Channel.EMAIL, Channel.CALL, Channel.VOICE, Channel.LETTER]),
    person=st.builds(
        Person,
        zone=st.sampled_from(ZONES),
        days=st.just(frozenset()) | st.frozensets(st.integers(0, 6), min_size=1),
        hours_from=no_or,
        hours_to=st.just(time(0)) | times,
        pause_until=st.none() | dates,
        consents=st.just(YES),
        is_customer=st.booleans(),
        is_on_register=st.just(False),
    ),
    place=st.builds(
        Place,
        country=st.sampled_from(["NO", "GB", "DE", "US"]),
        region=st.sampled_from(["", "TX", "NY"]),
        hours_from=st.sampled_from([time(9), time(0), time(2, 30)]),
        hours_to=st.sampled_from([time(20), time(0), time(3)]),
        closed_on=st.frozensets(dates, max_size=3),
    ),
    was_interval_set=st.just(True),
    counts=st.just(Counts()) | st.builds(Counts, st.integers(0, 1)),
)
"""Questions that only an hour, a pause or yesterday's message can hold."""
questions = st.builds(
    Question,
    purpose=st.sampled_from(Purpose),
    channel=channels,
    person=people,
    place=places,
    text=st.sampled_from(TEXTS),
    answers_act_at=st.none() | moments,
    is_by_person=st.booleans(),
    was_interval_set=st.booleans(),
    is_own_product=st.booleans(),
    is_paid_by_others=st.booleans(),
    uses_health_data=st.booleans(),
    is_shared_contact=st.booleans(),
    has_written_since=st.just(False),
    is_opt_out_receipt=st.just(False),
    counts=counts,
    window=windows,
)
