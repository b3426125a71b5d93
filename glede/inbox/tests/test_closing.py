"""A conversation closes without a written answer only where nobody is left without one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.inbox.closing import NotClosable, check_closable
from glede.inbox.models import ClosingReason

REASONS = st.sampled_from([*ClosingReason.values, "because", ""])


def may(reason: str, note: str, tier: int) -> bool:
    try:
        check_closable(reason, note, tier)
    except NotClosable:
        return False
    return True


@given(REASONS, st.text(max_size=20), st.sampled_from([0, 1, 2]))
def test_a_red_flag_needs_a_voice_and_a_note(reason: str, note: str, tier: int) -> None:
    assert may(reason, note, tier) is (reason in {"rang", "in_person"} and bool(note.strip()))


@given(st.text(max_size=20), st.sampled_from([0, 1, 2, 5]))
def test_no_reason_closes_nothing(note: str, tier: int) -> None:
    assert not may("", note, tier)
    assert not may("because", note, tier)


@pytest.mark.parametrize(("reason", "note"), [("thanks_only", ""), ("rang", "agreed"), ("not_for_us", "an advert")])
def test_an_ordinary_message_closes_with_its_reason(reason: str, note: str) -> None:
    assert may(reason, note, 5)
