"""The documents are true in what a machine can check: links, commands, settings, places, decisions, plain sentences."""

import re
from datetime import date
from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote

import pytest

from glede.config import cli
from glede.kernel import reading
from glede.outbox.policy.book import edition_for
from glede.outbox.policy.vocabulary import Purpose
from tests.conventions import source

DOCS = source.ROOT / "docs"
OUTSIDE = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
PAGES = sorted([*DOCS.rglob("*.md"), *(source.ROOT / name for name in OUTSIDE)])
# Read by people who run a practice, not by those who build Glede.
FOR_PRACTICES = ("README.md", "docs/privacy.md", "docs/messages.md", "docs/operations.md", "docs/journeys.md")
KINDS = (".py", ".md", ".html", ".txt", ".css", ".js", ".toml", ".yaml", ".yml", ".po", ".sh", ".csv")
BARE = ("Makefile", ".importlinter", ".env.example")
# Laws and standards, which anybody can look up. Another name in capitals with a section is a paper of our own.
OF_THE_WORLD = {"CFR", "GDPR", "GSM", "HIPAA", "ISO", "MB", "NO", "RFC", "SB", "TS", "WCAG"}
CITED = re.compile(r"\b([A-Z]{2,})(?:\.md)? (?:§|\d|row \d|[Aa]ppendix|[A-D]\.\d)")
LONGEST_SENTENCE, USUAL_SENTENCE, GRADE = 40, 14, 8  # words, words, years of school


def ids(path: Path) -> str:
    return source.name(path)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", title).lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_each_link_leads_somewhere(path: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(path)):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = unquote(link).partition("#")
        target = (path.parent / place).resolve() if place else path
        if not target.exists() or (anchor and anchor not in anchors(text_of(target))):
            broken.append(link)
    assert not broken, ", ".join(broken)


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_each_command_it_names_is_there(path: Path) -> None:
    code = "\n".join(_code(path))
    targets = set(re.findall(r"^([a-z-]+):", text_of(source.ROOT / "Makefile"), re.MULTILINE))
    asked = set(re.findall(r"(?:^|bin/)glede ([a-z][a-z-]*)", code, re.MULTILINE))
    assert asked - cli.names().keys() == set()
    assert set(re.findall(r"^make ([a-z-]+)", code, re.MULTILINE)) - targets == set()


def _code(path: Path) -> list[str]:
    """Return the lines of code of a page: fenced ones, and what stands between single marks."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text_of(path), re.DOTALL | re.MULTILINE)
    return [line for block in fenced for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", text_of(path))


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_each_place_it_names_is_there(path: Path) -> None:
    places = re.findall(r"`((?:glede|tests|docs|scripts|requirements)/[\w./<>*-]+)`", text_of(path))
    gone = [p for p in places if not re.search(r"[<>*]", p) and not (source.ROOT / p).exists()]
    assert not gone, ", ".join(gone)


def _project() -> dict[str, str]:
    """Return every text of the project by name: what a reader of the repository has before them."""
    loose = (p for p in source.ROOT.iterdir() if p.is_file() and (p.suffix in KINDS or p.name in BARE))
    needed = (source.ROOT / "requirements").glob("*.in")
    return {source.name(path): text_of(path) for path in (*source.files(*KINDS), *loose, *needed)}


@pytest.mark.parametrize("place", [" §1.3", " 6", " 6.4-6.6", " row 14", " appendix B", " A.5", ".md §2"])
def test_a_paper_of_our_own_is_known_by_its_name(place: str) -> None:
    assert CITED.search(f"as the HANDBOOK{place} says")


def test_nothing_leans_on_a_document_that_is_not_here() -> None:
    astray = []
    for name, text in _project().items():
        astray += [f"{name}: {cited[0]}" for cited in CITED.finditer(text) if cited[1] not in OF_THE_WORLD]
        papers = set(re.findall(r"(?<![\w/])[A-Z]{3,}\.md\b", text))
        astray += [f"{name}: {paper}" for paper in papers if not (source.ROOT / paper).exists()]
    assert not astray, "\n".join(astray)


def test_each_page_and_decision_that_the_code_names_is_there() -> None:
    held = {source.name(path): anchors(text_of(path)) for path in DOCS.rglob("*.md")}
    numbers = {int(path.name[:4]) for path in (DOCS / "decisions").glob("*.md")}
    astray = []
    for name, text in _project().items():
        for page, anchor in re.findall(r"\b(docs/[\w/-]+\.md)(?:#([\w-]+))?", text):
            if page not in held or (anchor and anchor not in held[page]):
                astray.append(f"{name}: {page}#{anchor}")
        astray += [f"{name}: decision {n}" for n in re.findall(r"\bdecision (\d+)", text) if int(n) not in numbers]
    assert not astray, "\n".join(astray)


def test_the_rules_tell_the_law_as_the_data_has_it() -> None:
    rows = re.findall(r"^\| `(\w+)`.*?\| (.+) \|$", text_of(DOCS / "rules.md"), re.MULTILINE)
    told = {purpose: cells.split(" | ") for purpose, cells in rows if purpose in set(Purpose)}
    editions = [edition_for(country, date.max) for country in ("DE", "GB", "NO", "US", "BR")]
    there = {}
    for purpose in Purpose:
        pairs = [(edition.code(purpose, "text"), edition.code(purpose, "email")) for edition in editions]
        there[purpose.value] = [text if text == mail else f"{text} / {mail}" for text, mail in pairs]
    assert told == there


def test_every_command_is_told() -> None:
    told = text_of(DOCS / "cli.md")
    assert [word for word in cli.names() if f"glede {word}" not in told] == []


def test_every_setting_is_told() -> None:
    known = re.findall(r"^# ?([A-Z][A-Z_]+)=", text_of(source.ROOT / ".env.example"), re.MULTILINE)
    told = text_of(DOCS / "operations.md")
    assert [name for name in known if f"`{name}`" not in told] == []


def test_every_failpoint_and_guard_is_told() -> None:
    code = "".join(text_of(path) for path in source.files(".py") if not source.is_test(path))
    known = re.findall(r'\b(?:fp|guard)\("([a-z._]+)"\)', code)
    told = text_of(DOCS / "testing.md")
    assert known
    assert [name for name in known if f"`{name}`" not in told] == []


def test_the_index_leads_to_every_document() -> None:
    led = set(re.findall(r"\]\(([^)#]+)", text_of(DOCS / "index.md")))
    there = {p.relative_to(DOCS).as_posix() for p in DOCS.rglob("*.md")} - {"index.md"}
    assert there - led == set()


def test_the_index_gives_each_decision_its_title() -> None:
    told = dict(re.findall(r"^- \[(\d{4})\]\(.+\) (.+)$", text_of(DOCS / "index.md"), re.MULTILINE))
    there = {p.name[:4]: text_of(p).splitlines()[0][len("# 0001 ") :] for p in (DOCS / "decisions").glob("*.md")}
    assert told == there


def test_each_token_it_names_is_there() -> None:
    tokens = text_of(source.PACKAGE / "ui/static/ui/css/tokens.css")
    named = re.findall(r"`(--[\w-]+)`", text_of(DOCS / "design-system.md"))
    assert [name for name in named if f"{name}:" not in tokens] == []


def test_a_picture_is_small() -> None:
    big = [ids(p) for p in (DOCS / "pictures").iterdir() if p.stat().st_size > 150_000]
    assert not big, ", ".join(big)


def test_the_guide_of_style_is_short() -> None:
    assert text_of(DOCS / "style.md").count("\n") <= 200


def sentences(path: Path) -> list[str]:
    """Return the sentences of a page's running text: no tables, no code, no titles; links as their words."""
    prose = re.sub(r"^```.*?^```", "", text_of(path), flags=re.DOTALL | re.MULTILINE)
    prose = re.sub(r"!\[.*?\]\(.*?\)", "", prose)
    prose = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", prose)
    lines = [re.sub(r"^(?:[-*>]|\d+\.) ", ". ", line.strip()) for line in prose.splitlines()]
    flat = " ".join(". " if not line or line[0] in "#|" else line.replace("|", " ") for line in lines)
    flat = re.sub(r"`([^`]*)`", lambda found: re.sub(r"\W+", "", found[1]) or "x", flat).replace("**", "")
    return [one.strip() for one in re.split(r"(?<=[.!?:;])\s+", flat) if any(map(str.isalpha, one))]


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_sentences_are_plain(path: Path) -> None:
    lengths = [(len(one.split()), one) for one in sentences(path)]
    long = [one for words, one in lengths if words > LONGEST_SENTENCE]
    assert not long, "\n".join(long)
    assert sum(words for words, _ in lengths) / max(1, len(lengths)) <= USUAL_SENTENCE


@pytest.mark.parametrize("name", FOR_PRACTICES)
def test_pages_for_practices_are_easy_to_read(name: str) -> None:
    text = " ".join(one if one[-1] in ".!?" else f"{one}." for one in sentences(source.ROOT / name))
    assert reading.grade(text) <= GRADE


def test_the_change_log_begins_with_what_this_is() -> None:
    project = text_of(source.ROOT / "pyproject.toml")
    version = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
    first = next(line for line in text_of(source.ROOT / "CHANGELOG.md").splitlines() if line.startswith("## "))
    assert version
    assert "".join(takewhile(lambda sign: sign != " ", first[3:])) == version[1]
