"""Lists as other systems write them: encodings, marks, signs between cells, spreadsheets; none needs a word by hand."""

import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from glede.people.lists.decoding import decoded
from glede.people.lists.opening import UnreadableList, open_sheet
from glede.people.lists.people import read_people

TODAY = date(2026, 11, 24)
HEADS = ("Kundenr", "Etternavn", "Fornavn", "Fødselsdato", "Mobil", "E-post", "Adresse", "Ikke SMS", "Siste besøk")
ROWS = (
    (
        "1001",
        "Bjørnstad",
        "Åse",
        "3.2.1961",
        "400 00 001",
        "aase@example.org",
        "Storgata 1\n0155 Oslo",
        "x",
        "1.9.2025",
    ),
    ("1002", "van der Ærø", "Øyvind", "17.11.1948", "400 00 002 / 22 00 00 03", "", "", "", ""),
    ("1003", "Müller", "Renée", "", "+47 400 00 004", "renee@example.org", "", "nei", ""),
)
TEXTS = {
    "cp1252": ("cp1252", ";", ""),
    "utf-8": ("utf-8", ",", ""),
    "utf-8 with a mark and sep=": ("utf-8-sig", ";", "sep=;\r\n"),
    "utf-16 with tabs": ("utf-16", "\t", ""),
    "utf-16 without a mark": ("utf-16-le", "\t", ""),
    "utf-16, the other way round": ("utf-16-be", ";", ""),
    "mac": ("mac_roman", ";", ""),
    "dos": ("cp865", "|", ""),
}


def written(encoding: str, sign: str, before: str) -> bytes:
    """Return the list as a system would write it."""
    lines = (sign.join(f'"{cell}"' if set(cell) & {"\n", sign} else cell for cell in row) for row in (HEADS, *ROWS))
    return (before + "\r\n".join(lines) + "\r\n").encode(encoding)


def spreadsheet(rows: object = (HEADS, *ROWS), before: int = 0) -> bytes:
    book = Workbook()
    assert book.active is not None
    for _ in range(before):
        book.active.append([])
    for row in rows:  # type: ignore[attr-defined]
        book.active.append(row)
    book.create_sheet("Notes").append(["nothing here"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def people_of(content: bytes) -> list[tuple[object, ...]]:
    read = read_people(open_sheet(content), today=TODAY)
    assert (read.rejects, read.duplicates, read.findings) == ([], 0, [])
    return [
        (p.form.external_id, p.form.given_name, p.form.family_name, p.form.birth_date, p.form.phones, p.form.emails,
         p.refusals)
        for p in read.people
    ]  # fmt: skip


EXPECTED = [
    ("1001", "Åse", "Bjørnstad", date(1961, 2, 3), ("400 00 001",), ("aase@example.org",), (("sms", "all"),)),
    ("1002", "Øyvind", "van der Ærø", date(1948, 11, 17), ("400 00 002", "22 00 00 03"), (), ()),
    ("1003", "Renée", "Müller", None, ("+47 400 00 004",), ("renee@example.org",), ()),
]


@pytest.mark.parametrize("form", TEXTS)
def test_a_norwegian_export_needs_no_word_by_hand(form: str) -> None:
    assert people_of(written(*TEXTS[form])) == EXPECTED


@pytest.mark.parametrize("before", [0, 2])
def test_so_does_a_spreadsheet(before: int) -> None:
    assert people_of(spreadsheet(before=before)) == EXPECTED


def test_days_and_numbers_of_a_spreadsheet_are_said_as_a_list_would() -> None:
    cells = (
        1001,
        "Moe",
        "Kari",
        datetime(1961, 2, 3),
        40000001,
        29872499824296.0,
        2.98724998242961e17,
        True,
        1.5,
        None,
    )
    sheet = open_sheet(spreadsheet((tuple("abcdefghij"), cells)))
    assert sheet.rows[0].cells == (
        "1001", "Moe", "Kari", "1961-02-03", "40000001", "29872499824296", "2.98725E+17", "true", "1.5",
    )  # fmt: skip
    (person,) = read_people(open_sheet(spreadsheet((HEADS[:4], cells[:4]))), today=TODAY).people
    assert (person.form.external_id, person.form.birth_date) == ("1001", date(1961, 2, 3))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04nothing", "cut short"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old kind"),
        (spreadsheet(()), "nothing in this file"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_what_to_do(content: bytes, told: str) -> None:
    with pytest.raises(UnreadableList, match=told):
        open_sheet(content)


@given(st.binary(max_size=300))
def test_whatever_the_bytes_they_are_a_list_or_refused(content: bytes) -> None:
    try:
        sheet = open_sheet(content)
    except UnreadableList:
        return
    read_people_or_ask(content)
    assert all(isinstance(cell, str) for row in sheet.rows for cell in row.cells)


def read_people_or_ask(content: bytes) -> None:
    from glede.people.lists.columns import UnclearColumns

    try:
        read_people(open_sheet(content), today=TODAY)
    except UnclearColumns:
        return


@given(st.text(st.sampled_from("abcæøåÆØÅé ,;\n1"), min_size=1), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_what_proves_its_encoding_is_read_as_it_was_written(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding)) == text


def test_the_zeros_that_a_csv_keeps_in_front_come_through() -> None:
    sheet = open_sheet('id;navn\n="000123";Å "Bø" =""\n'.encode())
    assert sheet.rows[0].cells == ("000123", 'Å "Bø" =""')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16", "cp1252"])
def test_nothing_is_no_letter(encoding: str) -> None:
    sheet = open_sheet("id;navn\n1;An\0na Ødegård\n2;Berit Moe\n".encode(encoding))
    assert sheet.rows[0].cells == ("1", "Anna Ødegård")


@pytest.mark.parametrize("content", [b"%PDF-1.4\n1 0 obj", b"\x89PNG\r\n\x1a\n", b"\0" * 4000])
def test_a_document_a_picture_and_nothing_are_no_lists(content: bytes) -> None:
    with pytest.raises(UnreadableList):
        open_sheet(content)


def test_a_column_of_addresses_is_known_without_a_heading() -> None:
    read = read_people(open_sheet(b"navn;felt 7\nKari;kari@example.org\nPer;\nOla;ola@example.org\n"), today=TODAY)
    assert read.columns.how["email"] == "content"
    assert [p.form.emails for p in read.people] == [("kari@example.org",), (), ("ola@example.org",)]


@pytest.mark.parametrize(
    "title", ["Kundeliste", "Kundeliste, skrevet ut 20.11.2026", "Kundeliste;;;;", "Liste\n;;\nUt 20.11"]
)
def test_a_title_above_the_headings_is_passed_over(title: str) -> None:
    sheet = open_sheet(f"{title}\nKundenr;Navn;Mobil\n1;Kari Moe;40000101\n".encode())
    assert sheet.header == ("Kundenr", "Navn", "Mobil")
    assert [row.cells for row in sheet.rows] == [("1", "Kari Moe", "40000101")]


def test_one_column_has_no_title() -> None:
    sheet = open_sheet(b"full_name\nMoe, Kari, Lise\nVik, Jonas\n")
    assert sheet.header[0] == "full_name"
