"""Words are gathered, kept and checked; every room speaks Norwegian."""

from pathlib import Path

import pytest

from glede.ui import catalogues

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext
_("Call")
ngettext("%(n)d day", "%(n)d days", 2)
pgettext("step", "Call")
"""
TEMPLATE = """
{% load i18n %}<p>It's a {{ test }} (of "quotes"
  {% translate "Reply" %}{% translate "on" context "keys" %}</p>
    {% blocktranslate trimmed with name=x %}
      More for
      {{ name }}
    {% endblocktranslate %}
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    room = tmp_path / "glede" / "room"
    for name, text in {
        "rules.py": PYTHON,
        "templates/room/page.html": TEMPLATE,
        "tests/test_x.py": '_("Not me")',
    }.items():
        path = room / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalogues, "PACKAGE", tmp_path / "glede")
    return room


def _translate(old: str, new: str) -> None:
    path = catalogues.catalogue_of("room")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_words_come_from_code_and_templates(house: Path) -> None:
    assert set(catalogues.gather("room")) == {
        (None, "Call"), (None, "%(n)d day"), ("step", "Call"), (None, "Reply"), ("keys", "on"),
        (None, "More for %(name)s"),
    }  # fmt: skip
    assert catalogues.rooms() == ["room"]


def test_updating_keeps_translations_and_drops_what_is_gone(house: Path) -> None:
    catalogues.update("room")
    _translate('msgid "Reply"\nmsgstr ""', 'msgid "Reply"\nmsgstr "Svar"')
    (house / "rules.py").write_text('_("Book")', encoding="utf-8")
    path = catalogues.update("room")
    assert path is not None
    text = path.read_text(encoding="utf-8")
    assert 'msgstr "Svar"' in text
    assert 'msgid "Book"' in text
    assert "days" not in text
    assert catalogues.update("room") == path
    assert path.read_text(encoding="utf-8") == text


def test_what_is_wrong_is_named(house: Path) -> None:
    assert {flaw.what for flaw in catalogues.check()} == {"not translated"}
    catalogues.update("room")
    assert len(catalogues.check()) == 6
    _translate('msgid "More for %(name)s"\nmsgstr ""', 'msgid "More for %(name)s"\nmsgstr "Mer for %(navn)s"')
    _translate('msgid "Reply"\nmsgstr ""', '#, fuzzy\nmsgid "Reply"\nmsgstr "Svar"')
    flaws = {flaw.msgid: flaw.what for flaw in catalogues.check()}
    assert flaws["More for %(name)s"] == "other placeholders"
    assert flaws["Reply"] == "unsure (fuzzy)"


def test_a_compiled_catalogue_speaks(house: Path) -> None:
    catalogues.update("room")
    _translate('msgid "Reply"\nmsgstr ""', 'msgid "Reply"\nmsgstr "Svar"')
    made = catalogues.compile_room("room")
    assert made is not None
    assert made.suffix == ".mo"
    assert b"Svar" in made.read_bytes()


@pytest.mark.parametrize("room", catalogues.rooms())
def test_every_word_of_every_room_is_translated(room: str) -> None:
    assert [str(flaw) for flaw in catalogues.check([room])] == []
