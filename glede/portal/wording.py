"""Days, times, money and people in the words patients read, in the language of the page. Pure but for it."""

from datetime import datetime

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from glede.diary.facts import VisitFacts
from glede.kernel.clock import wall
from glede.kernel.money import Money, money_words
from glede.kernel.words import day_words, time_words

INITIALS = 2
TITLES = frozenset({"Dr", "Prof"})
NO_BREAK = "\u00a0"


def tongue() -> str:
    """Return the language of the page as the kernel's words know it: "en" or "nb"."""
    return "nb" if (get_language() or "")[:2] in {"nb", "nn", "no"} else "en"


def in_language(words: object) -> str:
    """Return the words for the page's language out of a mapping by language; English, then any, where missing."""
    if not isinstance(words, dict):
        return ""
    return str(words.get(tongue()) or words.get("en") or next(iter(words.values()), ""))


def day_of(visit: VisitFacts) -> str:
    """Return the visit's day: "Thursday 26 November"."""
    return day_words(visit.day, tongue())


def hour_of(visit: VisitFacts) -> str:
    """Return the visit's hour: "10am", "kl. 10"; empty where it has a day only."""
    return time_words(visit.wall_time, tongue()) if visit.wall_time else ""


def when(visit: VisitFacts) -> str:
    """Return day and hour in one: "Thursday 26 November, 10am", "torsdag 26. november kl. 10"."""
    return join_when(day_of(visit), hour_of(visit))


def join_when(day: str, hour: str) -> str:
    """Return day and hour as the language joins them."""
    if not hour:
        return day
    return f"{day} {kept(hour)}" if tongue() == "nb" else f"{day}, {kept(hour)}"


def clock_words(moment: datetime, zone: str) -> str:
    """Return the clock time of ``moment`` on the wall: "2:30pm"."""
    return time_words(wall(moment, zone).time(), tongue())


def moment_words(moment: datetime, zone: str, now: datetime) -> str:
    """Return a moment as people say it: "2:30pm today", "9:30am on Monday 30 November"."""
    local, today = wall(moment, zone), wall(now, zone).date()
    hour = kept(time_words(local.time(), tongue()))
    if local.date() == today:
        return _("%(hour)s today") % {"hour": hour}
    return _("%(hour)s on %(day)s") % {"hour": hour, "day": day_words(local.date(), tongue())}


def price_words(low: int | None, high: int | None, currency: str) -> str:
    """Return a price or the range of one: "890 kr", "890 kr to 1 200 kr"; empty where none is set."""
    if low is None:
        return ""
    first = money_words(Money(low, currency), tongue())
    if high is None or high == low:
        return first
    return _("%(low)s to %(high)s") % {"low": first, "high": money_words(Money(high, currency), tongue())}


def span_words(opens: str, closes: str) -> str:
    """Return an open span: "9am to 5pm", "kl. 9 til 17"."""
    return _("%(opens)s to %(closes)s") % {"opens": opens, "closes": closes.removeprefix("kl. ")}


def kept(words: str) -> str:
    """Return short ``words`` that never break across lines: "890 kr"."""
    return words.replace(" ", NO_BREAK)


def initials(name: str) -> str:
    """Return the letters of a person's disc: "AH"."""
    parts = [part for part in name.replace(".", " ").split() if part[:1].isupper() and part not in TITLES]
    chosen = [parts[0], parts[-1]] if len(parts) >= INITIALS else parts
    return "".join(part[0] for part in chosen)


EYE_TESTS = frozenset({"eye-test", "first-eye-test", "child-eye-test"})


def visit_word(visit: VisitFacts) -> str:
    """Return what the visit is called in a sentence. Neutral: only an ordinary eye test is named."""
    return (
        pgettext("in a sentence", "eye test") if visit.service_code in EYE_TESTS else pgettext("in a sentence", "visit")
    )


def visit_title(visit: VisitFacts) -> str:
    """Return what the visit is called in a title."""
    return _("Your eye test") if visit.service_code in EYE_TESTS else _("Your visit")
