"""Folding, Norwegian order, money, and words of time."""

from datetime import date, time

import pytest

from glede.kernel.contact import email_key, phone_e164, phone_words
from glede.kernel.money import Money, money_words
from glede.kernel.text import fold, name_tokens, sort_key
from glede.kernel.words import day_words, short_day_words, time_words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ØYE", "oye"), ("øye", "oye"), ("oeye", "oye"), ("noe", "noe"), ("Moey", "moy"), ("Aase", "ase"),
        ("Åse", "ase"), ("ARRÊT", "arret"), ("  to   ord ", "to ord"), ("Ærlig", "aerlig"), ("“Hei”", '"hei"'),
    ],
)  # fmt: skip
def test_folding(text, folded):
    assert fold(text) == folded


def test_names_sort_as_norwegians_do():
    names = ["Ås", "Zachariassen", "Ærlig", "Øye", "Aas", "Berg", "Andersen"]
    assert sorted(names, key=sort_key) == ["Andersen", "Berg", "Zachariassen", "Ærlig", "Øye", "Ås", "Aas"]


def test_tokens_of_a_name():
    assert name_tokens("Anne-Lise O'Brien Øverås") == ["anne", "lise", "o", "brien", "overas"]


def test_money_is_said_as_people_say_it():
    assert money_words(Money(89000, "NOK"), "nb") == "890 kr"
    assert money_words(Money(125050, "NOK"), "nb") == "1 250,50 kr"
    assert money_words(Money(4500, "GBP"), "en") == "£45"
    assert money_words(Money(123450, "BRL"), "en") == "1,234.50 BRL"


def test_dates_and_times_in_words():
    day = date(2026, 11, 26)
    assert day_words(day, "en") == "Thursday 26 November"
    assert day_words(day, "nb") == "torsdag 26. november"
    assert short_day_words(day, "en") == "Thu 26 Nov"
    assert time_words(time(14, 30), "en") == "2:30pm"
    assert time_words(time(10), "en") == "10am"
    assert time_words(time(0, 5), "en") == "12:05am"
    assert time_words(time(10), "nb") == "kl. 10"
    assert time_words(time(14, 30), "nb") == "kl. 14.30"
    assert time_words(time(9, 5), "nb", "staff") == "09:05"


def test_contact_points_have_one_form():
    assert phone_e164("912 34 567", "NO") == "+4791234567"
    assert phone_e164("0047 91234567", "NO") == "+4791234567"
    assert phone_e164("ring meg", "NO") is None
    assert phone_words("+4791234567", "NO").replace(" ", "") == "91234567"
    assert phone_words("+4791234567", "GB").startswith("+47")
    assert email_key(" Kari.Moe@Example.NO ") == "kari.moe@example.no"
    assert email_key("kari@") is None
    assert email_key("a@b@c.no") is None
    assert email_key("x\r\nBcc: y@z.no") is None
