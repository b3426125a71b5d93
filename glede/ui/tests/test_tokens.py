"""Every pair of colours that meets on a page is measured, in both themes and in both files."""

import re

import pytest

from glede.ui.bundles import FOLDER
from glede.ui.tests import colours
from glede.ui.tests.colours import BLINDNESS, Rgb, contrast, distance, from_hex, from_oklch, mix, seen_as, to_hex

TOKENS = (FOLDER / "css" / "tokens.css").read_text(encoding="utf-8")
PATIENT = (FOLDER / "css" / "patient.css").read_text(encoding="utf-8")
THEMES = ("light", "dark")

_PAIR = re.compile(
    r"--([\w-]+): (?:light-dark\((oklch\([^)]*\)), (oklch\([^)]*\))\)|(oklch\([^)]*\)));(?: /\* (.*?) \*/)?"
)


def _staff(theme: str) -> dict[str, Rgb]:
    place = THEMES.index(theme)
    found = {m[1]: from_oklch(m[2 + place] or m[4]) for m in _PAIR.finditer(TOKENS)}
    found["human-line"] = mix(found["apricot"], 0.42, found["human"])
    found["cool-wash"] = mix(found["teal"], 0.09, found["surface"])
    return found


def _patient(theme: str) -> dict[str, str]:
    light = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})", PATIENT.split("@media")[0]))
    dark = PATIENT.split(':root[data-theme="dark"] {')[1].split("}")[0]
    return light if theme == "light" else light | dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})", dark))


SURFACES = ("bg", "surface", "human")
TEXTS = [
    (ink, surface) for ink in ("ink", "ink-2", "ink-3", "teal", "late", "done", "apricot-ink") for surface in SURFACES
]
TEXTS += [(ink, "sunk") for ink in ("ink", "ink-2", "ink-3", "teal")]
TEXTS += [
    ("human-ink", "human"),
    ("on-teal", "teal"),
    ("on-late", "late"),
    ("on-soon", "soon"),
    ("on-apricot", "apricot"),
]
TEXTS += [("soon-ink", surface) for surface in SURFACES] + [
    ("surface", "ink"),
    ("ink", "cool-wash"),
    ("ink-2", "cool-wash"),
]
TEXTS += [("done", "done-wash"), ("delight", "delight-wash"), ("info", "info-wash"), ("late", "late-wash")]
TEXTS += [("ink", "done-wash"), ("ink", "late-wash")]
EDGES = [(edge, surface) for edge in ("edge", "teal", "late") for surface in (*SURFACES, "sunk")]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_text_stands_out_five_to_one(theme: str, ink: str, ground: str) -> None:
    tokens = _staff(theme)
    assert contrast(tokens[ink], tokens[ground]) >= 5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_an_edge_of_a_control_stands_out(theme: str, edge: str, ground: str) -> None:
    tokens = _staff(theme)
    assert contrast(tokens[edge], tokens[ground]) >= 3.4


@pytest.mark.parametrize("theme", THEMES)
def test_the_focus_ring_stands_out_from_its_gap(theme: str) -> None:
    tokens = _staff(theme)
    assert contrast(tokens["focus"], tokens["focus-gap"]) >= 9


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", BLINDNESS)
def test_urgency_is_told_apart_without_hue(theme: str, kind: str) -> None:
    tokens = _staff(theme)
    fills = [seen_as(tokens[name], kind) for name in ("late", "soon", "surface")]
    assert min(distance(a, b) for place, a in enumerate(fills) for b in fills[place + 1 :]) >= 10


def test_each_token_is_the_hex_it_says() -> None:
    for match in _PAIR.finditer(TOKENS):
        said = re.findall(r"#[0-9A-F]{6}", match[5] or "")
        values = [match[2], match[3]] if match[2] else [match[4], match[4]]
        assert [to_hex(from_oklch(value)) for value in values] == said[:2], match[1]


@pytest.mark.parametrize("theme", THEMES)
def test_patients_see_the_same_colours(theme: str) -> None:
    staff, patient = _staff(theme), _patient(theme)
    assert patient
    for name, code in patient.items():
        assert distance(staff[name], from_hex(code)) < 0.6, (name, code, to_hex(staff[name]))


def test_both_ways_to_dark_are_the_same() -> None:
    by_device = PATIENT.split(':root:not([data-theme="light"]) {')[1].split("}")[0]
    by_choice = PATIENT.split(':root[data-theme="dark"] {')[1].split("}")[0]
    wanted = re.findall(r"--[\w-]+: #[0-9A-F]{6}", by_device)
    assert wanted == re.findall(r"--[\w-]+: #[0-9A-F]{6}", by_choice)


def test_no_other_file_mixes_colours_of_its_own() -> None:
    for path in sorted((FOLDER / "css").rglob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        if path.name not in {"tokens.css", "patient.css"}:
            assert not re.search(r"#[0-9A-Fa-f]{3,8}\b|oklch\(|rgb\(", text), path.name


def test_colour_arithmetic_agrees_with_known_values() -> None:
    assert to_hex(from_oklch("oklch(45.82% 0.0768 188.8)")) == "#0A6560"
    assert contrast(from_hex("#FFFFFF"), from_hex("#000000")) == pytest.approx(21)
    assert colours.to_hex(colours.from_oklab(colours.to_oklab(from_hex("#F3A75B")))) == "#F3A75B"
