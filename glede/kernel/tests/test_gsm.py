"""What a text message is made of: published vectors, the alphabet, plain signs for fine ones, and any text at all."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.kernel.gsm import BASIC, EXTENDED, GSM, PLAIN, beyond_gsm, for_sms, sms_parts, sms_segments

SEGMENTS = [
    ("a" * 160, "GSM-7", 160, 1), ("a" * 161, "GSM-7", 161, 2), ("€" * 80, "GSM-7", 160, 1),
    ("€" * 81, "GSM-7", 162, 2), ("æøåÆØÅ" * 26 + "abcd", "GSM-7", 160, 1), ("’" + "a" * 69, "UCS-2", 70, 1),
    ("’" + "a" * 70, "UCS-2", 71, 2), ("😀" * 35, "UCS-2", 70, 1), ("😀" * 36, "UCS-2", 72, 2),
    ("a" * 152 + "€" + "a" * 10, "GSM-7", 164, 2), ("a" * 306, "GSM-7", 306, 2), ("a" * 307, "GSM-7", 307, 3),
    ("Hei Åse, velkommen til synsprøve tirsdag 24.11 kl 10:30.", "GSM-7", 56, 1),
    ("Hei Kari – timen din", "UCS-2", 20, 1), ("Čáhppes", "UCS-2", 7, 1),
]  # fmt: skip
BORDERS = [
    ("", "GSM-7", 0, 1, [""]),
    ("a" * 152 + "€" + "b" * 10, "GSM-7", 164, 2, ["a" * 152, "€" + "b" * 10]),
    ("a" * 151 + "€" + "b" * 10, "GSM-7", 163, 2, ["a" * 151 + "€", "b" * 10]),
    ("€" * 153, "GSM-7", 306, 3, ["€" * 76, "€" * 76, "€"]),
    ("č" * 66 + "😀" + "č" * 5, "UCS-2", 73, 2, ["č" * 66, "😀" + "č" * 5]),
    ("č" * 65 + "😀" + "č" * 5, "UCS-2", 72, 2, ["č" * 65 + "😀", "č" * 5]),
    ("č" * 134, "UCS-2", 134, 2, ["č" * 67, "č" * 67]),
    ("č" * 135, "UCS-2", 135, 3, ["č" * 67, "č" * 67, "č"]),
]
LETTERS = "".join(c for c in map(chr, range(0x250)) if unicodedata.category(c).startswith("L"))
SOME = st.text(alphabet=st.sampled_from("aåø€{č😀’–\n \u00a0"), max_size=400)


@pytest.mark.parametrize(("text", "encoding", "units", "parts"), SEGMENTS)
def test_segments_of_a_text_message(text: str, encoding: str, units: int, parts: int) -> None:
    found = sms_segments(text)
    assert (found.encoding, found.units, found.parts) == (encoding, units, parts)
    assert len(sms_parts(text)) == parts


@pytest.mark.parametrize(("text", "encoding", "units", "parts", "split"), BORDERS)
def test_a_sign_that_does_not_fit_goes_whole_to_the_next_part(
    text: str, encoding: str, units: int, parts: int, split: list[str]
) -> None:
    found = sms_segments(text)
    assert (found.encoding, found.units, found.parts) == (encoding, units, parts)
    assert sms_parts(text) == split


def test_the_alphabet_is_whole() -> None:
    assert (len(BASIC), len(EXTENDED)) == (127, 10)  # 128 places, one of which is the way to the extension
    assert not BASIC & EXTENDED
    assert set("æøåÆØÅäöüñéÇ") <= BASIC
    assert not set("’“–…čšŋêç") & (BASIC | EXTENDED)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Kari’s “time” – takk…", 'Kari\'s "time" - takk...'),
        ("kl.\u00a010\u202f:\u200930", "kl. 10 : 30"),
        ("syns\u00adprøve\u200b", "synsprøve"),
        ("«Hei» — ½ time → her", '"Hei" - 1/2 time -> her'),
        ("A\u030ase, bla\u030abæreis", "Åse, blåbæreis"),
        ("én\r\nto\u2028tre", "én\nto\ntre"),
    ],
)
def test_fine_signs_are_made_plain(text: str, plain: str) -> None:
    assert for_sms(text) == plain
    assert sms_segments(for_sms(text)).encoding == GSM


def test_no_letter_of_a_name_is_changed() -> None:
    assert for_sms(LETTERS) == LETTERS
    assert for_sms("Åse Ærø Čáhppes Peña Françoise Łukasz") == "Åse Ærø Čáhppes Peña Françoise Łukasz"


def test_what_cannot_be_replaced_is_said() -> None:
    assert beyond_gsm(for_sms("Hei Åse – vi sees…")) == ()
    assert beyond_gsm(for_sms("Čáhppes og Čohkka 👍")) == ("Č", "á", "👍")


@given(SOME | st.text(max_size=400))
def test_parts_are_the_text_and_each_fits(text: str) -> None:
    found, parts = sms_segments(text), sms_parts(text)
    assert "".join(parts) == text
    assert len(parts) == found.parts
    most = (153 if found.parts > 1 else 160) if found.encoding == GSM else (67 if found.parts > 1 else 70)
    for part in parts:
        units = sum(2 if c in EXTENDED else 1 for c in part) if found.encoding == GSM else _utf16(part)
        assert units <= most
        assert part or not text
    for part, after in pairwise(parts):
        first = sms_segments(after[0]).units if found.encoding == GSM else _utf16(after[0])
        here = sum(2 if c in EXTENDED else 1 for c in part) if found.encoding == GSM else _utf16(part)
        assert here + first > most  # no part ends sooner than it must


@given(SOME | st.text(max_size=200))
def test_plain_signs_are_as_plain_as_can_be_and_never_cost_an_encoding(text: str) -> None:
    plain = for_sms(text)
    assert for_sms(plain) == plain
    assert not set(plain) & {chr(code) for code in PLAIN}
    if sms_segments(text).encoding == GSM:
        assert sms_segments(plain).encoding == GSM


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
