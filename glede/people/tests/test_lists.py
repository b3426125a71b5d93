"""Reading a list of people: every row counted once, nothing guessed, and what is unclear asked."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.people.lists import cells
from glede.people.lists.columns import UnclearColumns, match_columns, plain
from glede.people.lists.fields import FIELDS
from glede.people.lists.opening import REASON, UnreadableList, open_sheet
from glede.people.lists.people import BROKEN, NOBODY, PeopleRead, columns_of, odd_words, read_people
from glede.people.lists.rejects import rejects_csv

TODAY = date(2026, 11, 24)
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12)


def people(text: str, *told: tuple[str, str]) -> PeopleRead:
    """Read a list of people as it was typed."""
    return read_people(open_sheet(text.encode()), told=told, today=TODAY)


class TestOpening:
    @pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
    def test_the_sign_between_the_cells_is_found(self, sign: str) -> None:
        sheet = open_sheet(f"id{sign}navn\n7{sign}Kari Moe\n8{sign}Åse Øye\n".encode())
        assert (sheet.header, sheet.delimiter) == (("id", "navn"), sign)
        assert [row.cells for row in sheet.rows] == [("7", "Kari Moe"), ("8", "Åse Øye")]

    def test_a_mark_and_a_line_that_names_the_sign_are_no_part_of_the_list(self) -> None:
        sheet = open_sheet("\ufeffsep=;\r\nid;navn\r\n7;Moe, Kari\r\n".encode())
        assert (sheet.header, sheet.rows[0].cells) == (("id", "navn"), ("7", "Moe, Kari"))

    def test_a_break_of_line_inside_a_cell_belongs_to_the_cell(self) -> None:
        sheet = open_sheet(b'id,note\n7,"first\nsecond"\n8,x\n')
        assert [row.cells for row in sheet.rows] == [("7", "first\nsecond"), ("8", "x")]

    def test_rows_are_counted_as_a_spreadsheet_does(self) -> None:
        sheet = open_sheet(b"id\n7\n\n8\n")
        assert [(row.number, row.cells) for row in sheet.rows] == [(2, ("7",)), (4, ("8",))]

    @pytest.mark.parametrize(
        ("content", "told"), [(b"", "nothing"), (b"\n\n", "nothing"), (b'id,n\n1,"x\n2,y\n', "quotation mark")]
    )
    def test_what_is_no_list_is_refused_with_what_to_do(self, content: bytes, told: str) -> None:
        with pytest.raises(UnreadableList, match=told):
            open_sheet(content)

    @given(st.lists(st.lists(words, min_size=2, max_size=4), min_size=1, max_size=6), st.sampled_from(",;\t|"))
    def test_whatever_a_writer_of_csv_writes_is_read_back(self, rows: list[list[str]], sign: str) -> None:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=sign).writerows([["id", "a", "b", "c"], *rows])
        sheet = open_sheet(f"sep={sign}\n{out.getvalue()}".encode())
        assert [row.cells for row in sheet.rows] == [tuple(cell.strip() for cell in row) for row in rows]


class TestCells:
    @given(
        st.dates(date(1880, 1, 1), date(2100, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%Y%m%d"])
    )
    def test_a_day_is_read_however_it_is_written(self, day: date, form: str) -> None:
        assert cells.read_day(day.strftime(form), "dmy") == day

    @given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
    def test_the_month_goes_first_where_that_is_the_order(self, day: date) -> None:
        assert cells.read_day(day.strftime("%m/%d/%Y"), "mdy") == day

    @given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
    def test_a_moment_with_a_zone_is_that_moment(self, moment: datetime) -> None:
        written = cells.read_moment(moment.isoformat(), "dmy")
        assert written is not None
        assert cells.moment_of(written) == moment.replace(microsecond=0)

    @given(words)
    def test_no_cell_makes_reading_fail(self, cell: str) -> None:
        for order in ("dmy", "mdy"):
            cells.read_moment(cell, order)
        cells.read_time(cell)
        cells.read_yes_no(cell)
        assert cells.is_broken(cell) in {True, False}
        cells.split_name(cell)

    def test_one_order_is_proved_by_the_cells_of_the_file(self) -> None:
        assert cells.day_order(["03/04/2026", "03/25/2026"], "dmy") == "mdy"
        assert cells.day_order(["03.04.2026", "25.03.2026"], "mdy") == "dmy"
        assert cells.day_order(["03.04.2026"], "mdy") == "mdy"

    @pytest.mark.parametrize(
        ("cell", "read"),
        [("14.30", time(14, 30)), ("kl. 9.05", time(9, 5)), ("2:30 pm", time(14, 30)), ("12:00 am", time(0)),
         ("1430", time(14, 30)), ("08:00-08:30", time(8)), ("1899-12-30 11:30:00", time(11, 30)), ("0.3958", None),
         ("25:00", None), ("snart", None)],
    )  # fmt: skip
    def test_times_on_the_wall(self, cell: str, read: time | None) -> None:
        assert cells.read_time(cell) == read

    @pytest.mark.parametrize("cell", ["2026-11-26 10:00+02:00", "2026-11-26 10:00:00+02", "20261126T100000+0200"])
    def test_an_offset_is_kept(self, cell: str) -> None:
        written = cells.read_moment(cell, "dmy")
        assert written is not None
        assert (written.at, written.offset) == (time(10), timedelta(hours=2))

    def test_of_a_span_the_beginning_is_read_and_no_zone(self) -> None:
        written = cells.read_moment("2026-11-26 08:00-08:30", "dmy")
        assert written is not None
        assert (written.at, written.offset) == (time(8), None)

    @pytest.mark.parametrize("cell", ["9999-12-31", "0001-01-01", "00.00.0000", "31.12.9999 23:59"])
    def test_what_systems_write_for_no_day_is_none(self, cell: str) -> None:
        assert cells.read_day(cell, "dmy") is None

    def test_a_day_is_read_whatever_time_stands_behind_it(self) -> None:
        assert cells.read_day("26.11.2026 formiddag", "dmy") == date(2026, 11, 26)
        assert cells.read_day("20261126123", "dmy") is None

    @pytest.mark.parametrize("cell", ["2.98725E+13", "2,98725E+13", "1E+15", "####", "#REF!", "#N/A"])
    def test_what_a_spreadsheet_has_broken_is_known(self, cell: str) -> None:
        assert cells.is_broken(cell)

    @pytest.mark.parametrize("cell", ["29872499824296", "E12", "K-1001", "1.5", ""])
    def test_a_number_that_only_looks_odd_is_whole(self, cell: str) -> None:
        assert not cells.is_broken(cell)

    @pytest.mark.parametrize(
        ("full", "parts"),
        [
            ("Kari Moe", ("Kari", "Moe")),
            ("Moe, Kari", ("Kari", "Moe")),
            ("Anne Marie van der Berg", ("Anne Marie", "van der Berg")),
            ("Åse", ("Åse", "")),
            ("", ("", "")),
        ],
    )
    def test_names_are_parted_with_their_particles(self, full: str, parts: tuple[str, str]) -> None:
        assert cells.split_name(full) == parts

    def test_several_numbers_stand_in_one_cell(self) -> None:
        said = "400 00 001 / 400 00 002; 40000003 og 40000004\n40000005"
        assert cells.split_addresses(said) == ("400 00 001", "400 00 002", "40000003", "40000004", "40000005")

    def test_what_kind_of_number_it_is_may_stand_behind_it_and_whose_may_not(self) -> None:
        said = "tlf 400 00 001 (mobil), 22000003 (Jobb); 40000002.0; 40000004 (mor)"
        assert cells.split_addresses(said) == ("tlf 400 00 001", "22000003", "40000002", "40000004 (mor)")


class TestColumns:
    def test_norwegian_and_english_headings_are_known(self) -> None:
        header = ("Kundenr", "Etternavn", "Fornavn", "Fødselsdato", "Mobil", "E-post", "Ikke SMS", "Siste besøk")
        columns = match_columns(header, FIELDS)
        assert dict(columns.names) == dict(
            zip(("id", "family_name", "given_name", "birth_date", "phone", "email", "no_sms", "last_visit"), header,
                strict=True)
        )  # fmt: skip
        assert columns.unmatched == ()

    def test_what_is_told_goes_before_what_a_heading_says(self) -> None:
        columns = match_columns(("id", "gammel id"), FIELDS, [("id", "gammel id")])
        assert columns.names["id"] == "gammel id"
        assert columns.unmatched == ("id",)

    @pytest.mark.parametrize("told", [("id", "Nummer"), ("colour", "Kundenr")])
    def test_a_field_or_a_column_that_is_not_there_is_asked_about(self, told: tuple[str, str]) -> None:
        with pytest.raises(UnclearColumns, match="There is no"):
            match_columns(("Kundenr",), FIELDS, [told])

    def test_no_heading_means_two_fields_but_a_second_of_its_kind(self) -> None:
        for name, known in FIELDS.items():
            for other, others in FIELDS.items():
                shared = set(known) & set(others)
                assert name == other or not shared or {name, other} == {"phone", "phone_2"}, shared

    def test_every_known_heading_is_written_as_it_is_compared(self) -> None:
        assert all(head == plain(head) for known in FIELDS.values() for head in known)


class TestPeople:
    def test_a_row_says_who_somebody_is_and_what_they_refuse(self) -> None:
        read = people(
            "Kundenr;Etternavn;Fornavn;Fødselsdato;Mobil;E-post;Språk;Kanal;Ikke SMS;Reservert;Notat\n"
            "007;Moe;Kari;3.2.1961;400 00 001;kari@example.org;Norsk;E-post;x;ja;Korsang\n"
        )
        (person,) = read.people
        form = person.form
        assert (form.external_id, form.given_name, form.family_name) == ("007", "Kari", "Moe")
        assert (form.birth_date, form.language) == (date(1961, 2, 3), "nb")
        assert (form.phones, form.emails) == (("400 00 001",), ("kari@example.org",))
        assert person.refusals == (("sms", "all"), (None, "marketing"))
        assert (person.channel, person.notes) == ("email", "Korsang")
        assert read.findings == []

    def test_every_row_is_counted_once(self) -> None:
        read = people("id,name,phone\n1,Kari,\n1,Kari,\n,,\n,Per,\n,Per,\n2.9E+13,,\n,,400 00 001\n")
        assert [person.row.number for person in read.people] == [2, 5, 8]
        assert read.duplicates == 2
        assert [(reject.row.number, reject.reason) for reject in read.rejects] == [(4, NOBODY), (7, BROKEN)]

    @given(st.lists(st.tuples(*(st.sampled_from(["", "1", "2", "Kari", "400 00 001", "1E+5", "x"]) for _ in range(3)))))
    def test_the_counts_add_up_whatever_the_rows(self, rows: list[tuple[str, str, str]]) -> None:
        out = io.StringIO(newline="")
        csv.writer(out).writerows([("id", "name", "phone"), *rows])
        sheet = open_sheet(out.getvalue().encode())
        read = read_people(sheet, today=TODAY)
        assert len(sheet.rows) == len(read.people) + read.duplicates + len(read.rejects)

    def test_a_cell_that_cannot_be_read_stays_empty_and_is_told(self) -> None:
        read = people("id,birth_date,language,channel,extra\n1,31.02.1961,klingon,pigeon,a,b\n2,2061-01-01,,,\n")
        assert sorted((f.row, f.field, f.text) for f in read.findings) == [
            (2, "", "b"), (2, "birth_date", "31.02.1961"), (2, "channel", "pigeon"), (2, "language", "klingon"),
            (3, "birth_date", "2061-01-01"),
        ]  # fmt: skip
        assert all(person.form.birth_date is None for person in read.people)

    @pytest.mark.parametrize(
        "head",
        ["Ikke kontakt", "Reservasjon", "Do not call", "Samtykke", "Opt out (all)", "Ingen SMS", "SMS", "Sperret",
         "HasOptedOut", "Reklame i posten", "Tillat kontakt", "STOPP", "DNC"],
    )  # fmt: skip
    def test_a_refusal_that_is_not_understood_stops_the_list_with_a_question(self, head: str) -> None:
        with pytest.raises(UnclearColumns, match="looks like a refusal"):
            people(f"id,{head}\n1,ja\n")
        read = people(f"id,{head}\n1,ja\n", ("no_marketing", head))
        assert read.people[0].refusals == ((None, "marketing"),)
        assert people(f"id,{head}\n1,ja\n", ("ignore", head)).people[0].refusals == ()

    @pytest.mark.parametrize(("head", "cell"), [("no_sms", "maybe"), ("deceased", "perhaps")])
    def test_a_refusal_that_is_neither_yes_nor_no_is_asked_about(self, head: str, cell: str) -> None:
        with pytest.raises(UnclearColumns, match=r"Row 2 .*ignore"):
            people(f"id,{head}\n1,{cell}\n")

    @pytest.mark.parametrize(
        ("cell", "died", "on"),
        [("", False, None), ("nei", False, None), ("ja", True, None), ("2020-02-03", True, date(2020, 2, 3)),
         ("2061-01-01", True, None)],
    )  # fmt: skip
    def test_who_died_is_known_to_have_died(self, cell: str, died: bool, on: date | None) -> None:
        person = people(f"id,deceased\n1,{cell}\n").people[0]
        assert (person.has_died, person.form.deceased_on) == (died, on)

    def test_the_same_row_without_a_number_has_the_same_key_in_any_order_of_columns(self) -> None:
        one = people("name,phone\nKari,400 00 001\n").people[0].form.list_key
        assert one == people("phone,name\n400 00 001,Kari\n").people[0].form.list_key
        assert one != people("name,phone\nKari,400 00 002\n").people[0].form.list_key


def test_rejects_stand_in_a_list_that_can_be_corrected_and_brought_again() -> None:
    sheet = open_sheet(b"id;name;phone\n1;Kari;\n2E+9;;\n;;;too;many\n")
    read = read_people(sheet, today=TODAY)
    content = rejects_csv(sheet, read.rejects)
    again = open_sheet(content)
    assert again.header == sheet.header
    assert [row.cells[:3] for row in again.rows] == [("2E+9", "", ""), ("", "", "")]
    assert f";{REASON}".encode() in content
    assert read_people(open_sheet(content.replace(b"2E+9", b"2000000000")), today=TODAY).people


CONSENTING = "Kundenr;Navn;SMS-samtykke\n1;Kari Moe;Ja\n2;Jonas Vik;{}\n3;Tor Lind;\n"


def refusing(text: str, *told: tuple[str, str]) -> list[str]:
    """Return the numbers of those whose row refuses texts."""
    read = read_people(open_sheet(text.encode()), told=told, today=TODAY)
    return [one.form.external_id for one in read.people if ("sms", "all") in one.refusals]


def test_a_no_in_a_column_of_consent_is_a_refusal_and_a_yes_is_none() -> None:
    assert refusing(CONSENTING.format("Nei")) == ["2"]


def test_nothing_in_a_column_of_consent_is_asked_about_where_nobody_says_no() -> None:
    silent = CONSENTING.format("")
    with pytest.raises(UnclearColumns, match="what an empty cell means"):
        refusing(silent)
    assert refusing(silent, ("sms_ok:no", "SMS-samtykke")) == ["2", "3"]
    assert refusing(silent, ("sms_ok:yes", "SMS-samtykke")) == []


def test_an_odd_word_in_a_column_of_consent_is_asked_about() -> None:
    odd = CONSENTING.format("kanskje")
    sheet = open_sheet(odd.encode())
    assert odd_words(sheet, columns_of(sheet)) == {"sms_ok": ("", "kanskje")}
    assert refusing(odd, ("sms_ok:no", "SMS-samtykke")) == ["2", "3"]
    with pytest.raises(UnclearColumns, match="is that a consent"):
        refusing("Kundenr;SMS ok\n1;kanskje\n")
