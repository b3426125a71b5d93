"""The weights of docs/performance.md, gzipped, and the sums of the fonts."""

import gzip
import hashlib
import re
from pathlib import Path

import django_htmx
import pytest
from django.test import Client

from glede.ui import bundles

KB = 1024
FONTS = bundles.FOLDER / "fonts"
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"


def test_styles_and_scripts_are_light() -> None:
    assert len(bundles.load("patient.css").zipped) <= 9 * KB
    assert len(bundles.load("staff.css").zipped) <= 30 * KB
    ours = len(bundles.load("staff.js").zipped)
    assert ours <= 8.5 * KB
    assert ours + len(gzip.compress(HTMX.read_bytes(), 9)) <= 25 * KB


def test_a_patient_page_with_its_letters_is_under_sixty_kilobytes(client: Client) -> None:
    html = gzip.compress(client.get("/nowhere-at-all/").content, 9)
    font = (FONTS / "next.woff2").stat().st_size
    assert len(html) <= 10 * KB
    assert len(html) + len(bundles.load("patient.css").zipped) + font <= 60 * KB


def test_the_gallery_itself_is_no_heavier_than_a_staff_page(client: Client) -> None:
    assert len(gzip.compress(client.get("/ui/gallery/").content, 9)) <= 25 * KB


@pytest.mark.parametrize(("kind", "most"), [("css", 300), ("js", 80)])
def test_files_stay_small(kind: str, most: int) -> None:
    for path in (bundles.FOLDER / kind).rglob(f"*.{kind}"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= most, path.name


def test_every_part_is_in_a_bundle() -> None:
    for kind in ("css", "js"):
        parts = {part for name, names in bundles.PARTS.items() if name.endswith(kind) for part in names}
        folder = bundles.FOLDER / kind
        assert parts == {str(path.relative_to(folder))[: -len(kind) - 1] for path in folder.rglob(f"*.{kind}")}


def test_important_stays_in_the_utilities() -> None:
    for path in (bundles.FOLDER / "css").rglob("*.css"):
        assert "!important" not in path.read_text(encoding="utf-8"), path.name


def test_patients_get_neither_layers_nor_nesting() -> None:
    css = bundles.load("patient.css").content.decode()
    assert "@layer" not in css
    assert not re.search(r"&|oklch|light-dark|color-mix", css)


@pytest.mark.parametrize("name", ["next.woff2", "next-italic.woff2"])
def test_the_fonts_are_the_ones_we_wrote_down(name: str) -> None:
    digest = hashlib.sha256((FONTS / name).read_bytes()).hexdigest()
    assert digest in (FONTS / "README.md").read_text(encoding="utf-8")
    assert "SIL Open Font License" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


def test_a_bundle_is_kept_for_a_year_and_comes_zipped(client: Client) -> None:
    found = bundles.load("staff.css")
    answer = client.get(f"/ui/staff.{found.digest}.css", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(answer.content) == found.content
    assert "immutable" in answer["Cache-Control"]
    assert "Accept-Encoding" in answer["Vary"]
    assert client.get(f"/ui/staff.{found.digest}.css").content == found.content
    assert client.get("/ui/staff.000000000000.css")["Cache-Control"] == "no-cache"
    assert client.get("/ui/patient.000000000000.js").status_code == 404
