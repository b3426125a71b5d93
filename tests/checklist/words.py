"""Points 30 to 35: how hard the words are to read, how long they are, and that none is missing."""

import re

from glede.journeys import document
from glede.journeys.easy import SAMPLE
from glede.journeys.tests.test_wording import LONG_HOUSE, TEXTS, text_of
from glede.journeys.wording import fill
from glede.kernel import reading
from glede.kernel.gsm import sms_segments
from glede.ui import catalogues
from tests.checklist.point import Figure, Verdict, most, point, share
from tests.checklist.scene import ROOT, Scene

WORDS = "Words"
LONGEST = 15
_EMPTY = re.compile(r"{%\s*empty\b[^%]*%}(.*?){%\s*endempty\s*%}", re.DOTALL)


def messages(language: str) -> list[str]:
    """Return every message in a language as somebody would receive it."""
    return [
        fill(text, SAMPLE[language])
        for row in document.default().rows
        for (_variant, spoken, _channel), words in row.wording.items()
        for text in (words.short, words.friendly)
        if spoken == language
    ]


@point(30, WORDS, "English is read with six years of school")
def english(_: Scene) -> Figure:
    """Measure every message by Flesch-Kincaid."""
    grades = [reading.grade(text) for text in messages("en")]
    return most(round(max(grades), 1), 6, f"is the hardest of {len(grades)} messages")


@point(31, WORDS, "Norwegian has a LIX of 32 or less on the whole")
def norwegian(_: Scene) -> Figure:
    """Measure every message by LIX."""
    found = [reading.lix(text) for text in messages("nb")]
    return most(
        round(sum(found) / len(found), 1), 32, f"is the mean of {len(found)} messages, {max(found):.0f} the most"
    )


@point(32, WORDS, "95 of 100 sentences have 15 words or fewer")
def sentences(_: Scene) -> Figure:
    """Count the words of every sentence of every message in both languages."""
    lengths = [n for tongue in ("en", "nb") for text in messages(tongue) for n in reading.lengths(text)]
    short = sum(n <= LONGEST for n in lengths)
    portion = round(100 * short / len(lengths), 1)
    return Figure(f"{portion:g} % of {len(lengths)} sentences (at least 95)", portion >= 95)


@point(33, WORDS, "Every text message is one part in the letters that phones share")
def one_part(_: Scene) -> Figure:
    """Count the parts of every text with a long name and a long address."""
    texts = [
        text_of(row, variant, language, channel, style, LONG_HOUSE)
        for row, variant, language, channel, style in (case.values for case in TEXTS)
    ]
    long = [text for text in texts if (sms_segments(text).encoding, sms_segments(text).parts) != ("GSM-7", 1)]
    return share(len(texts) - len(long), len(texts), "texts", long)


@point(34, WORDS, "No word is untranslated, and somebody whose language it is has read them")
def translated(_: Scene) -> Figure:
    """Look through every catalogue; the reading is for people."""
    flaws = catalogues.check()
    words = f"{len(flaws)} words untranslated or unsure; read by nobody from outside yet"
    return Figure(words, verdict=Verdict.NOT_MET if flaws else Verdict.PEOPLE)


@point(35, WORDS, "A place that is empty says what to do next")
def empty_places(scene: Scene) -> Figure:
    """Read every such place in the templates, and those that were seen."""
    bare, there = list[str](), 0
    for path in sorted((ROOT / "glede").rglob("templates/**/*.html")):
        for found in _EMPTY.finditer(path.read_text(encoding="utf-8")):
            there += 1
            bare += [path.name] * (len(re.sub(r"{%\s*(?:if|endif|else)[^%]*%}|\s", "", found[1])) < 12)
    return share(there - len(bare), there, f"places, {len(scene.seen.empties)} of them seen", bare)
