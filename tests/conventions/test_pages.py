"""What pages may not hold: trusted text, looks of their own, force."""

import re

from tests.conventions import source

# Where components are put together: what comes in from a page is escaped there, and nowhere else is text called safe.
MARKS_SAFE = "glede/ui/tags/"


def _lines(pattern: str, *suffixes: str) -> list[str]:
    found = re.compile(pattern)
    return [
        f"{source.name(path)}:{number} {line.strip()[:80]}"
        for path in source.files(*suffixes)
        if not source.is_test(path)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if found.search(line)
    ]


def test_no_template_trusts_text() -> None:
    found = _lines(r"\|\s*safe\b|autoescape off|safeseq", ".html")
    assert not found, "\n".join(found)


def test_one_place_marks_text_as_safe() -> None:
    found = [line for line in _lines(r"\bmark_safe\(|SafeString\(", ".py") if not line.startswith(MARKS_SAFE)]
    assert not found, "\n".join(found)


def test_no_element_carries_its_own_style_or_script() -> None:
    # Letters by mail are the exception: mail programs read nothing else.
    found = [line for line in _lines(r"\sstyle=|<style|\son[a-z]+=|javascript:", ".html") if "/mail/" not in line]
    assert not found, "\n".join(found)


def test_nothing_is_important_outside_utilities() -> None:
    found = [
        line
        for line in _lines(r"!important", ".css")
        if not re.search(r"utilities|print|reset", line.partition(":")[0])
    ]
    assert not found, "\n".join(found)


def test_no_template_reads_the_clock() -> None:
    found = _lines(r"{%\s*now\b", ".html")
    assert not found, "\n".join(found)


def test_no_page_asks_another_house() -> None:
    # A link that somebody presses is no request of the page's.
    found = _lines(
        r"(src|action)=[\"']?https?://|<link[^>]+https?://|url\([\"']?https?://|@import\s+[\"']?https?:",
        ".html",
        ".css",
        ".js",
    )
    assert not found, "\n".join(found)
