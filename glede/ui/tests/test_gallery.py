"""Every component is in the gallery, in both languages, and none opens a hole in the policy."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import Client

from glede.ui import icons
from glede.ui.templatetags.ui import register

TEMPLATES = Path(__file__).parents[1] / "templates" / "ui"
GALLERY = "".join(path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.glob("gallery*.html")))
NOT_DRAWN = {"bundle"}  # an address, not a component
DRAWN_BY_OTHERS = {
    "error_summary": "form.html", "time_ring": "undo_bar.html", "day_column": "day_grid.html",
    "palette_items": "gallery.html",
}  # fmt: skip


@pytest.mark.parametrize("language", ["en-gb", "nb"])
def test_the_gallery_renders(client: Client, language: str) -> None:
    client.cookies["glede_look"] = f"1.dark.{language}.on"
    page = client.get("/ui/gallery/")
    assert page.status_code == 200
    assert page.content.count(b'class="iris"') > 10


@pytest.mark.parametrize("tag", sorted(set(register.tags) - NOT_DRAWN))
def test_each_component_is_in_the_gallery(tag: str) -> None:
    place = DRAWN_BY_OTHERS.get(tag)
    text = (TEMPLATES / place).read_text(encoding="utf-8") if place else GALLERY
    assert re.search(r"\{% " + tag + r"[ %]", text)


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_each_template_keeps_the_house_rules(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    get_template(f"ui/{path.name}")
    assert len(text.splitlines()) <= 150
    assert not re.search(r"\bstyle=|\bon\w+=\"|\|safe\b|javascript:", text)
    assert not re.search("https?://", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert re.search("src=.*nonce=", script)


def test_every_icon_can_be_drawn_and_is_lucide() -> None:
    names = [path.stem for path in icons.FOLDER.glob("*.svg")]
    assert len(names) > 40
    for name in names:
        assert icons.shapes(name).startswith("<")
    assert "ISC License" in (icons.FOLDER / "LICENSE.txt").read_text(encoding="utf-8")


def test_the_policy_lets_only_our_own_through(client: Client) -> None:
    answer = client.get("/ui/gallery/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    found = re.search(r"script-src 'nonce-([^']+)'", policy)
    assert found
    html = answer.content.decode()
    assert set(re.findall(r'nonce="([^"]*)"', html)) == {found[1]}
    assert not re.findall(r'(?:src|href)="https?://', html)
