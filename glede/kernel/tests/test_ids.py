"""Ids sort by time; link codes are 65 bits and forgive how people type."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from glede.kernel import ids

KEY = b"k" * 32
VISIT = UUID("0192a1b2-0000-7000-8000-000000000001")


def test_new_ids_are_version_7_and_sort_by_time():
    first, second = ids.uuid7(1000, 5), ids.uuid7(1001, 0)
    assert first.version == 7
    assert first.variant == "specified in RFC 4122"
    assert first < second


def test_seeded_ids_repeat_and_differ_between_seeds():
    def made(seed):
        with ids.seeded(seed):
            return [ids.new_id() for _ in range(5)]

    assert made(1) == made(1)
    assert made(1) != made(2)
    assert len(set(made(1))) == 5


def test_a_link_code_is_13_letters_and_changes_with_the_counter():
    code = ids.link_code(KEY, VISIT, 0)
    assert len(code) == 13
    assert set(code) <= set(ids.CROCKFORD)
    assert ids.link_code(KEY, VISIT, 1) != code
    assert ids.link_code(b"other" * 8, VISIT, 0) != code
    assert ids.link_code(KEY, VISIT, 0) == code


def test_a_link_code_carries_all_of_its_65_bits():
    codes = [ids.link_code(KEY, ids.uuid7(n, n), 0) for n in range(400)]
    for place in range(13):
        assert len({code[place] for code in codes}) == 32


@given(st.text(max_size=20))
def test_reading_a_code_never_fails_and_reads_only_codes(text):
    code = ids.read_link_code(text)
    assert code is None or (len(code) == 13 and set(code) <= set(ids.CROCKFORD))


def test_typed_codes_are_forgiven():
    assert ids.read_link_code("k7m4q-9xw2-p3tb") == "K7M4Q9XW2P3TB"
    assert ids.read_link_code("O1IL000000000") == "0111000000000"
    assert ids.read_link_code("") is None
    assert ids.read_link_code("K7M4Q9XW2P3TU") is None


def test_what_is_stored_is_not_the_code():
    code = ids.link_code(KEY, VISIT, 0)
    assert code.encode() not in ids.link_hash(code)
    assert len(ids.link_hash(code)) == 32
