"""What may be sent, in words: purposes, grounds in law, what the words must hold, and the hours of the law."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.settings.apart_words import MONDAY
from glede.kernel.words import weekday_word
from glede.outbox.policy.book import Hours, Week

PURPOSES = {
    "booking": _("a visit booked, moved or cancelled"),
    "reminder": _("a reminder of a visit"),
    "previsit": _("how to prepare, and questions before a visit"),
    "thanks": _("thanks after a visit, which ask for nothing"),
    "reply": _("our answer to what they wrote"),
    "acknowledgement": _("that we got what they wrote"),
    "order_ready": _("glasses are ready, or late"),
    "aftercare": _("how it goes, and “please call us”"),
    "safety": _("safety, such as a product called back"),
    "recall": _("time for the next eye test"),
    "survey": _("a question what it was like, for us alone"),
    "review": _("a request for a public review"),
    "referrer_thanks": _("thanks to somebody who told of us"),
    "greeting": _("a birthday or season’s greeting"),
    "offer": _("offers, news and vouchers"),
    "winback": _("to somebody who has not come for long"),
    "third_party": _("to somebody a patient named"),
}
CODES = {
    "CARE": _("part of care: no consent is needed"),
    "CARE*": _("part of care while it sells nothing, and where it was agreed at a visit"),
    "CARE* else SOFT": _("part of care where it was agreed at a visit; otherwise customers only"),
    "SOFT": _("customers who were offered to say no, or who said yes"),
    "SOFT/OPT": _("customers who were offered to say no, or who said yes"),
    "OPT": _("only who said yes"),
    "PEC": _("who gave us the number for this"),
    "PEC (emergency exempt)": _("anybody: it is about safety"),
    "PEWC": _("only who said yes in writing"),
    "CS": _("anybody who has not said no, with our postal address and a way out"),
    "REPLY": _("who wrote to us"),
    "REGISTER": _("after a look in the public register"),
    "OBJECTION": _("who has not said no"),
    "X": _("never"),
    "NO RULES": _("never: there are no rules for this country yet"),
}
DRAFTED = _("drafted from public sources; no lawyer has read it yet")
"""What the data files say of their reviewer until somebody else has read them."""
STATES = {"FL": _("Florida"), "OK": _("Oklahoma"), "TX": _("Texas"), "WA": _("Washington")}
CHANNELS = {
    "sms": _("texts"), "email": _("e-mail"), "call": _("calls"), "voice": _("calls by a machine"),
    "letter": _("letters"),
}  # fmt: skip


def weekdays() -> list[tuple[int, str]]:
    """Return the days of the week with their numbers, Monday first."""
    language = get_language() or "en"
    return [(n, str(weekday_word(date.fromordinal(MONDAY.toordinal() + n), language))) for n in range(7)]


def hours_of_law(hours: Hours) -> str:
    """Return a line of the law's hours: where, what, when, and who is left out."""
    where = ", ".join(str(STATES.get(region, region)) for region in sorted(hours.regions))
    ways = ", ".join(str(words) for name, words in CHANNELS.items() if name in hours.channels)
    what = gettext("%(ways)s that sell") % {"ways": ways} if hours.is_marketing_only else ways
    told = f"{capfirst(what)}: {week_minutes(hours.week)}"
    if hours.not_on:
        told += ", " + gettext("never on public holidays")
    if hours.exempts_customers:
        told += ", " + gettext("customers excepted")
    return f"{where}. {told}" if where else told


def week_minutes(week: Week) -> str:
    """Return a week of hours in minutes, days without any left out: "Monday-Friday 09:00-21:00, Sunday 12:00-21:00"."""
    names, found = dict(weekdays()), []
    for span, group in groupby(range(7), key=lambda day: week[day]):
        if span is None:
            continue
        days = list(group)
        which = names[days[0]] if len(days) == 1 else f"{names[days[0]]}-{names[days[-1]]}"
        found.append(f"{which} " + "-".join(f"{at // 60:02}:{at % 60:02}" for at in span))
    return ", ".join(found)


def narrowed_words(said: dict[str, Any]) -> str:
    """Return what a practice takes away, in words; what everybody sends where it takes nothing."""
    return "; ".join(_narrowed(said)) or gettext("all that the law lets us send")


def _narrowed(said: dict[str, Any]) -> Iterable[str]:
    if off := said.get("off"):
        yield gettext("not sent: %(what)s") % {"what": ", ".join(str(PURPOSES[one]) for one in off)}
    for channel, words in (("sms", _("not by text: %(what)s")), ("email", _("not by e-mail: %(what)s"))):
        closed = [way.partition(":")[0] for way in said.get("ways", ()) if way.endswith(f":{channel}")]
        if closed:
            yield str(words) % {"what": ", ".join(str(PURPOSES[one]) for one in closed)}
    if days := said.get("quiet_days"):
        names = dict(weekdays())
        yield gettext("quiet on %(days)s") % {"days": ", ".join(names[day] for day in days)}
    if hours := said.get("marketing_hours"):
        yield gettext("what sells goes %(hours)s") % {"hours": "-".join(at or "…" for at in hours)}
    if (texts := said.get("texts_in_7_days")) is not None:
        yield gettext("at most %(n)s texts in 7 days") % {"n": texts}
    if (selling := said.get("marketing_in_30_days")) is not None:
        yield gettext("at most %(n)s messages that sell in 30 days") % {"n": selling}
