"""Reading a list of visits: days never shifted, times on the wall, and rows that contradict themselves named."""

import csv
import io
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.diary.lists.fields import FIELDS, STATES
from glede.diary.lists.visits import BEFORE_BOOKING, BROKEN, NO_DAY, VisitRow, read_visits
from glede.diary.rules import State
from glede.kernel.clock import at_wall
from glede.people.lists.columns import UnclearColumns, plain
from glede.people.lists.opening import open_sheet

OSLO, SAO_PAULO = "Europe/Oslo", "America/Sao_Paulo"
TODAY = date(2026, 11, 24)


def visits(text: str, *told: tuple[str, str], zone: str = OSLO) -> list[VisitRow]:
    """Read a list of visits as it was typed."""
    return read_visits(open_sheet(text.encode()), told=told, zone=zone, today=TODAY).visits


def test_a_norwegian_list_is_read_by_its_headings() -> None:
    (visit,) = visits(
        "Avtalenr;Kundenr;Dato;Klokkeslett;Varighet;Behandling;Optiker;Status;Bestilt\n"
        "V1;007;26.11.2026;14.30;45;Synsprøve;Amal;Bekreftet;1.11.2026 09.15\n"
    )
    assert (visit.external_id, visit.person, visit.day, visit.at) == ("V1", "007", date(2026, 11, 26), time(14, 30))
    assert (visit.minutes, visit.service, visit.clinician, visit.state) == (45, "Synsprøve", "Amal", State.CONFIRMED)
    assert visit.booked_at == at_wall(date(2026, 11, 1), time(9, 15), OSLO)


def test_midnight_in_every_row_is_a_visit_of_that_day_and_no_zone_shifts_it() -> None:
    text = "id,person,start\n1,p,2016-05-03T00:00:00Z\n2,p,2016-05-04T00:00:00Z\n"
    assert [(v.day, v.at) for v in visits(text, zone=SAO_PAULO)] == [
        (date(2016, 5, 3), None), (date(2016, 5, 4), None),
    ]  # fmt: skip


def test_midnight_in_a_column_of_times_is_no_time_either() -> None:
    text = "id;person;dato;klokkeslett\n1;p;26.11.2026;00:00\n2;p;27.11.2026;00:00\n"
    assert [v.at for v in visits(text)] == [None, None]


def test_a_column_of_times_goes_before_the_midnight_that_a_database_writes_behind_a_day() -> None:
    text = "id;person;dato;klokkeslett\n1;p;2026-11-26 00:00:00;09:30\n2;p;2026-11-27 00:00:00;\n"
    assert [v.at for v in visits(text)] == [time(9, 30), None]


def test_a_time_behind_the_day_is_read_whatever_the_column_is_called() -> None:
    assert visits("id;person;dato\n1;p;26.11.2026 14.30\n")[0].at == time(14, 30)


def test_a_visit_whose_time_cannot_be_read_stays_on_its_day() -> None:
    (visit, other) = visits("id;person;start\n1;p;26.11.2026 formiddag\n2;p;26.11.2026 09:00\n")
    assert (visit.day, visit.at, visit.refusal) == (date(2026, 11, 26), None, "")
    assert other.at == time(9)


def test_visits_whose_numbers_a_spreadsheet_has_broken_are_all_kept() -> None:
    text = "id;person;start\n2.98725E+13;p;26.11.2026 09:00\n2.98725E+13;q;26.11.2026 10:00\n"
    read = read_visits(open_sheet(text.encode()), zone=OSLO, today=TODAY)
    assert len({v.external_id for v in read.visits}) == 2
    assert [(f.field, f.reason) for f in read.findings] == [("id", "broken_by_a_spreadsheet")] * 2


def test_a_time_with_a_zone_is_brought_to_the_wall_and_one_without_stands_on_it() -> None:
    text = "id,person,start\n1,p,2016-05-03T01:30:00Z\n2,p,2016-05-04T09:00\n"
    assert [(v.day, v.at) for v in visits(text, zone=SAO_PAULO)] == [
        (date(2016, 5, 2), time(22, 30)), (date(2016, 5, 4), time(9)),
    ]  # fmt: skip


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.sampled_from([OSLO, SAO_PAULO])
)
def test_any_moment_is_where_it_lies_on_the_wall(moment: datetime, zone: str) -> None:
    said = moment.replace(second=0, microsecond=0, fold=0)
    visit = visits(f"id,person,start\n1,p,{said.isoformat()}\n2,p,2026-01-01T10:00\n", zone=zone)[0]
    assert visit.day is not None
    assert visit.at is not None
    back = at_wall(visit.day, visit.at, zone)
    assert back == said or (said - back).total_seconds() == 3600, "the hour that comes twice is taken as the first"


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        ("1,,2026-11-26,", ""),
        ("1,2.98725E+13,2026-11-26,", BROKEN),
        ("1,p,snart,", NO_DAY),
        ("1,p,2026-11-26,2026-11-27T08:00", BEFORE_BOOKING),
        ("1,p,2026-11-26,2026-11-26T23:00", ""),
        ("1,p,2026-11-26,", ""),
    ],
)
def test_a_row_that_contradicts_itself_says_why(row: str, refusal: str) -> None:
    assert visits(f"id,person,date,booked_at\n{row}\n")[0].refusal == refusal


def test_a_booking_late_at_night_in_its_own_zone_is_not_after_its_visit() -> None:
    text = "id,person,start,booked_at\n1,p,2016-05-03T00:00:00Z,2016-05-04T01:00:00Z\n"
    assert visits(text, zone=SAO_PAULO)[0].refusal == ""


@pytest.mark.parametrize(("missing", "asked"), [("person", "whose visits"), ("date", "when the visits")])
def test_what_nobody_can_do_without_is_asked_for(missing: str, asked: str) -> None:
    heads = [head for head in ("id", "person", "date") if head != missing]
    with pytest.raises(UnclearColumns, match=asked):
        visits(f"{','.join(heads)}\n1,x\n")


def test_what_cannot_be_read_stays_empty_and_is_told() -> None:
    read = read_visits(
        open_sheet(b"id,person,date,time,minutes,status\n1,p,2026-11-26,sometime,long,gone fishing\n"),
        zone=OSLO,
        today=TODAY,
    )
    assert [finding.field for finding in read.findings] == ["time", "minutes", "status"]
    (visit,) = read.visits
    assert (visit.at, visit.minutes, visit.state, visit.refusal) == (None, None, State.BOOKED, "")


def test_the_same_row_without_a_number_has_the_same_one_each_time() -> None:
    one, other = visits("person,date,time\np,2026-11-26,10:00\np,2026-11-26,11:00\n")
    assert one.external_id != other.external_id
    assert visits("time,person,date\n10:00,p,2026-11-26\n")[0].external_id == one.external_id


def test_two_rows_of_one_time_that_differ_elsewhere_are_two_visits() -> None:
    both = visits("person,date,time,status\np,2026-11-26,10:00,new\np,2026-11-26,10:00,confirmed\n")
    assert len({visit.external_id for visit in both}) == 2


@given(st.lists(st.tuples(*(st.sampled_from(["", "1", "2", "1E+5", "2026-11-26", "x"]) for _ in range(3)))))
def test_the_counts_add_up_whatever_the_rows(rows: list[tuple[str, str, str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("id", "person", "date"), *rows])
    sheet = open_sheet(out.getvalue().encode())
    read = read_visits(sheet, zone=OSLO, today=TODAY)
    assert len(sheet.rows) == len(read.visits) + read.duplicates


def test_every_known_word_is_written_as_it_is_compared() -> None:
    assert all(word == plain(word) for known in FIELDS.values() for word in known)
    assert all(word == plain(word) for word in STATES)
