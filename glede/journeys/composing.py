"""Fresh words for what is about a visit, at the moment of the claim.

The planner is asked once more, with the facts as they stand under the claim's locks: what it no longer wants, or
gives way to another message of that day, is silent and says why. Then the journey's wording is filled in.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from glede.diary.facts import VisitFacts
from glede.journeys import gathering
from glede.journeys.document import Document
from glede.journeys.gathering import Group, Setting
from glede.journeys.hours import day_of
from glede.journeys.planner import SERIES, plan
from glede.journeys.wording import WISHED_FOR, Words, fill, text_message
from glede.kernel.clock import wall
from glede.kernel.contact import phone_words
from glede.kernel.money import Money, money_words
from glede.kernel.words import day_words, time_words
from glede.outbox.campaigns import ending, links_to_end
from glede.outbox.composing import Content, Draft
from glede.outbox.rules import Reason
from glede.outbox.touches import PlannedTouch
from glede.practices.models import Practice
from glede.practices.queries import practice_by_id, public_base

_WORDS = {
    "en": {
        "tomorrow": "tomorrow",
        "today": "today",
        "and": "and",
        "at": " at ",
        "visit": "Visit",
        "name": "Hello",
        "ring": "call {}, code {}",
        "call": "call {}",
        "us": "us",
        "then": ", then {} at {}",
        "next": ", then at {}",
        "too": ", and also {}",
        "more": ", and {} more times until {}",
    },
    "nb": {
        "tomorrow": "i morgen",
        "today": "i dag",
        "and": "og",
        "at": " ",
        "visit": "Time",
        "name": "Hei",
        "ring": "ring {}, kode {}",
        "call": "ring {}",
        "us": "oss",
        "then": ", deretter {} {}",
        "next": ", deretter {}",
        "too": ", og dessuten {}",
        "more": ", og {} ganger til, siste gang {}",
    },
}

DAYS_NAMED = 5  # of a series, in one message; all of them stand behind its link

# Where no name is known the greeting stands in its place, and once is enough.
_TWICE = {"en": ("Dear Hello,", "Hello,"), "nb": ("Hei, Hei!", "Hei!")}


def compose(practice_id: UUID, drafts: Sequence[Draft], now: datetime) -> dict[UUID, Content]:
    """Return the words of each draft, or its silence with the reason. Reads only; called inside the claim."""
    setting = gathering.setting_of(practice_by_id(practice_id))
    groups = gathering.gather(setting, {draft.patient_id for draft in drafts}, now=now)
    wanted = {
        (touch.row, touch.subject.id, touch.occurrence): (group, touch)
        for group in groups
        for touch in plan(setting.journey, group.facts, group.history, now)
    }
    ends = links_to_end(setting.practice, [d.touch_id for d in drafts if d.purpose in WISHED_FOR])
    found = {}
    for draft in drafts:
        group, touch = wanted.get((draft.row, draft.subject.id, draft.occurrence), (None, None))
        if group is None or touch is None:
            found[draft.touch_id] = _silence(Reason.NOT_NEEDED)
        else:
            found[draft.touch_id] = words_for(
                setting, group, touch, channel=draft.channel, language=draft.language, now=now,
                end=ends.get(draft.touch_id, ""),
            )  # fmt: skip
    return found


def words_for(
    setting: Setting,
    group: Group,
    touch: PlannedTouch,
    *,
    channel: str,
    language: str,
    now: datetime,
    end: str = "",
) -> Content:
    """Return a touch's message as it would leave at ``now``, or its silence with the reason.

    ``end`` is where one press ends messages like it, "" while it has no such address yet.
    """
    if "yields_to" in touch.why:
        return _silence(Reason(_because(touch)))
    content = content_for(setting, group, touch, channel=channel, language=language, now=now, end=end)
    return content or _silence(Reason.NOTHING_TO_SAY)


def _silence(reason: Reason) -> Content:
    return Content("", "", silence=reason.value)


def _because(touch: PlannedTouch) -> str:
    yields_to = touch.why["yields_to"]
    because = str(yields_to["because"]) if isinstance(yields_to, dict) else ""
    return Reason.TOGETHER.value if because == SERIES else because or Reason.ONE_A_DAY.value


def content_for(
    setting: Setting,
    group: Group,
    touch: PlannedTouch,
    *,
    channel: str,
    language: str,
    now: datetime,
    end: str = "",
) -> Content | None:
    """Return a touch's message as it would leave at ``now``, or None where its row has no wording any more."""
    document: Document = setting.documents.get(touch.journey_version, setting.journey)
    row, tongue = document.row(touch.row), "nb" if language[:2] in {"nb", "nn", "no"} else "en"
    way = "email" if channel == "email" else "sms"
    words = row.words(str(touch.why["variant"]), tongue, way) if row else None
    if words is None:
        return None
    visit = group.visits.get(touch.subject.id)
    if visit is None:
        name = group.reach.given_name or group.reach.family_name
        values = places_of_a_day(setting.practice, name=name, channel=way, language=tongue, end=end)
        return said_of_a_day(words, group.reach.style, values, (way, tongue))
    values = values_of(setting.practice, group, touch, tongue, now)
    return said(words, group.reach.style, values, visit, (way, tongue))


def said(words: Words, style: str, values: Mapping[str, str], visit: VisitFacts, way: tuple[str, str]) -> Content:
    """Return a wording with its places filled, ``way`` being the channel ("sms" or "email") and the language."""
    channel, tongue = way
    if channel == "sms":
        tells_of_all = values["when"].endswith(_other_days(visit, tongue))
        days = _other_days(visit, tongue, named=1) if tells_of_all else ""
        shorter = {place: when + days for place, when in _without_weekday(visit, tongue).items()}
        return Content("", text_message(words, style, values, shorter))
    return Content(fill(words.subject, values), fill(words.of(style), values).replace(*_TWICE[tongue]))


def said_of_a_day(words: Words, style: str, values: Mapping[str, str], way: tuple[str, str]) -> Content:
    """Return a wording about a day of theirs with its places filled, ``way`` being the channel and the language."""
    channel, tongue = way
    if channel == "sms":
        return Content("", text_message(words, style, values, values))
    return Content(fill(words.subject, values), fill(words.of(style), values).replace(*_TWICE[tongue]))


def places_of_a_day(practice: Practice, *, name: str, channel: str, language: str, end: str) -> dict[str, str]:
    """Return what the places stand for in a message that is about no visit; ``{link}`` is our own booking page."""
    words, base = _WORDS[language], public_base(practice)
    address = f"{base}/book/{practice.booking_name}/" if base and practice.booking_name else ""
    phone = phone_words(practice.phone, practice.country) if practice.phone else ""
    return {
        "name": name or words["name"],
        "practice": practice.name,
        "phone": phone if address else "",
        "address": practice.address,
        "link": address or words["call"].format(phone or words["us"]),
        "stop": ending(practice, channel=channel, language=language, link=end),
    }


def _also(touch: PlannedTouch) -> list[str]:
    also = touch.why.get("also", [])
    return list(also) if isinstance(also, list) else []


def values_of(practice: Practice, group: Group, touch: PlannedTouch, language: str, now: datetime) -> dict[str, str]:
    """Return what every place of a wording stands for (``wording.PLACES``); empty where there is nothing to say.

    Without a proved public address the phone number and the receipt code stand where the link would; the number is not
    said twice.
    """
    others = [group.visits[UUID(key)] for key in _also(touch) if UUID(key) in group.visits]
    name = group.reach.given_name or group.reach.family_name
    visit = group.visits[touch.subject.id]
    values = places(practice, visit, others, name=name, language=language, now=now)
    if touch.why["variant"] == "booked":
        days = _other_days(visit, language)
        values |= {"when": values["when"] + days, "when_at": values["when_at"] + days}
    return values


def places(
    practice: Practice, visit: VisitFacts, others: Sequence[VisitFacts], *, name: str, language: str, now: datetime
) -> dict[str, str]:
    """Return what every place stands for in a message to ``name`` about ``visit`` and ``others`` of its day."""
    words, today = _WORDS[language], day_of(now, visit.zone)
    when, when_at = _when(visit, language)
    address, phone = link(practice, visit), phone_words(practice.phone, practice.country) if practice.phone else ""
    return {
        "name": name or words["name"],
        "service": _in(visit.service_name, language) or words["visit"],
        "when": when,
        "when_at": when_at,
        "tomorrow": words["tomorrow"] if visit.day == today + timedelta(days=1) else "",
        "today": words["today"] if visit.day == today else "",
        "also": f" {words['and']} ".join(_other(other, visit, language) for other in others),
        "who": visit.practitioner_given_name,
        "sender": visit.practitioner_given_name,
        "link": address or words["ring"].format(phone or words["us"], visit.link_code),
        "code": visit.link_code,
        "practice": practice.name,
        "phone": phone if address else "",
        "price": _price(visit, practice.currency, language),
        "minutes": str(visit.minutes),
        "bring": _in(visit.what_to_bring, language),
        "address": practice.address,
        "late": str(visit.delay_minutes or ""),
        "begins": _begins(visit, language),
    }


def link(practice: Practice, visit: VisitFacts) -> str:
    """Return the full address of a visit's page, "" where no address is proved to lead here from outside."""
    base = public_base(practice)
    return f"{base}/t/{visit.link_code}/" if base else ""


def _when(visit: VisitFacts, language: str) -> tuple[str, str]:
    """Return the time on the wall with a comma and with "at"; the day alone for a visit of the day."""
    return _with_time(day_words(visit.day, language), visit, language)


def _without_weekday(visit: VisitFacts, language: str) -> dict[str, str]:
    _, _, day = day_words(visit.day, language).partition(" ")
    when, when_at = _with_time(day, visit, language)
    return {"when": when, "when_at": when_at}


def _other_days(visit: VisitFacts, language: str, *, named: int = DAYS_NAMED) -> str:
    """Return the other days of the visit's series: each where they are at most ``named``, else how many and the last.

    The weekday is not said again.
    """
    days, words = [day_words(day, language).partition(" ")[2] for day in visit.series_days], _WORDS[language]
    if not days:
        return ""
    if len(days) > named:
        return words["more"].format(len(days), days[-1])
    return words["too"].format(", ".join(days))


def _then(visit: VisitFacts, language: str) -> str:
    """Return what follows the visit with somebody else: who, and when."""
    if visit.then is None:
        return ""
    who, at = visit.then.practitioner_given_name, time_words(visit.then.wall_time, language)
    return _WORDS[language]["then"].format(who, at) if who else _WORDS[language]["next"].format(at)


def _with_time(day: str, visit: VisitFacts, language: str) -> tuple[str, str]:
    if visit.wall_time is None:
        return day, day
    at = time_words(visit.wall_time, language)
    comma, then = " " if language == "nb" else ", ", _then(visit, language)
    return f"{day}{comma}{at}{then}", f"{day}{_WORDS[language]['at']}{at}{then}"


def _begins(visit: VisitFacts, language: str) -> str:
    """Return when a visit begins for which we run late; "" where we do not."""
    if not visit.delay_minutes:
        return ""
    return time_words(wall(visit.starts_at + timedelta(minutes=visit.delay_minutes), visit.zone).time(), language)


def _other(other: VisitFacts, visit: VisitFacts, language: str) -> str:
    if other.day != visit.day or other.wall_time is None:
        return _when(other, language)[1]
    return time_words(other.wall_time, language)


def _price(visit: VisitFacts, currency: str, language: str) -> str:
    if visit.price_minor_units is None:
        return ""
    low = money_words(Money(visit.price_minor_units, currency), language)
    if not visit.price_to_minor_units:
        return low
    return f"{low} - {money_words(Money(visit.price_to_minor_units, currency), language)}"


def _in(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or words.get("en") or next(iter(words.values()), "")
