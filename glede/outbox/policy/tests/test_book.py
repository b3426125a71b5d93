"""The book of law: read strictly, looked up by country and day."""

from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from glede.outbox.policy import book
from glede.outbox.policy.book import FILES, edition_for, jurisdiction_of, read_limits, read_policy
from glede.outbox.reading import BadPolicy, Fields, day_minutes, load

EEA = 30


@pytest.mark.parametrize("name", FILES)
def test_every_edition_says_where_it_comes_from(name: str) -> None:
    _, _, editions = read_policy(name, load(name))
    for edition in editions:
        assert edition.source
        assert edition.reviewer
        assert edition.reviewed_on >= edition.valid_from


def test_every_country_of_the_eea_has_rules() -> None:
    _, countries, _ = read_policy("eu", load("eu"))
    assert len(set(countries)) == EEA - 1  # Norway has its own
    assert jurisdiction_of("no") == "NO"
    assert {jurisdiction_of(country) for country in countries} == {"EU"}


def test_elsewhere_is_what_three_columns_agree_on() -> None:
    def column(name: str) -> dict[tuple[str, str], str]:
        return dict(read_policy(name, load(name))[2][0].cells)

    eu, uk, no, other = (column(name) for name in ("eu", "uk", "no", "other"))
    for cell, code in other.items():
        agreed = {eu[cell], uk[cell], no[cell]}
        assert code == ("CARE" if agreed == {"CARE"} else "X" if agreed == {"X"} else "NO RULES"), cell


def test_the_law_of_a_day_is_its_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    first = edition_for("NO", date(2026, 12, 1))
    second = replace(first, name="NO 2027-07-01", valid_from=date(2027, 7, 1))
    monkeypatch.setitem(book._EDITIONS, "NO", (first, second))

    assert edition_for("NO", date(2027, 6, 30)) is first
    assert edition_for("NO", date(2027, 7, 1)) is second
    assert edition_for("NO", date(2012, 1, 1)) is first


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return the Norwegian file with one place changed; ``...`` takes it away."""
    raw: dict[str, Any] = deepcopy(load("no"))
    spot: Any = raw
    keys = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in keys[:-1]:
        spot = spot[key]
    if value is ...:
        del spot[keys[-1]]
    else:
        spot[keys[-1]] = value
    return raw


SLIPS = [
    ("jurisdiction", "", "is no text"),
    ("countries", "NO", "is no list of texts"),
    ("editions", [], "has no edition"),
    ("editions", "2026", "is no list"),
    ("editions.0", "law", "is no mapping"),
    ("editions.0.valid_from", "soon", "is no date"),
    ("editions.0.reviewer", ..., "is missing"),
    ("editions.0.purposes.reminder", ..., "is missing"),
    ("editions.0.purposes.reminder", "PERHAPS", "does not know PERHAPS"),
    ("editions.0.purposes.reminder", {"text": "CARE"}, "is missing"),
    ("editions.0.purposes.nagging", "CARE", "does not know nagging"),
    ("editions.0.overlays.pigeon", "CARE", "does not know pigeon"),
    ("editions.0.is_consent_per_channel", "no", "is neither true nor false"),
    ("editions.0.honour_opt_out_days", -1, "is no count"),
    ("editions.0.honour_opt_out_days", True, "is no count"),
    ("editions.0.soft_opt_in_from", ["contest"], "does not know contest"),
    ("editions.0.must_include.service.text", ["song"], "does not know song"),
    ("editions.0.hours.0.days", {"mon-fun": "09:00-21:00"}, "are no days"),
    ("editions.0.hours.0.days", {"mon": "nine"}, "are no hours"),
    ("editions.0.hours.0.days", {"mon": "21:00-09:00"}, "do not go forward"),
    ("editions.0.hours.0.not_on", ["13-32"], "is no day"),
    ("editions.0.hours.0.kind", "service", "does not know service"),
]


@pytest.mark.parametrize(("path", "value", "says"), SLIPS)
def test_a_slip_in_the_law_stops_the_program(path: str, value: Any, says: str) -> None:
    with pytest.raises(BadPolicy, match=says):
        read_policy("no", changed(path, value))


def test_limits_are_read_as_strictly() -> None:
    raw = load("limits")
    assert read_limits("limits", raw).texts_in_7_days == 3
    with pytest.raises(BadPolicy, match="does not know mood"):
        read_limits("limits", {**raw, "mood": "good"})


def test_a_week_is_read_by_its_days() -> None:
    week = day_minutes(Fields("week", {"mon-tue": "09:00-17:00", "sun": "00:00-24:00"}))
    assert week == ((540, 1020), (540, 1020), None, None, None, None, (0, 1440))
