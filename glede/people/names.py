"""The words of the codes this room keeps, for pages and streams."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Names = Mapping[str, "str | Promise"]

FIELDS: Names = {
    "given_name": _("first name"),
    "family_name": _("last name"),
    "how_to_say": _("how to say the name"),
    "birth_date": _("date of birth"),
    "language": _("language"),
    "style": _("tone"),
    "zone": _("time zone"),
    "external_id": _("number in the list"),
    "source": _("how they found us"),
    "known_since": _("with us since"),
    "deceased_on": _("date of death"),
    "safeguarded_since": _("under safeguarding"),
    "guardian_id": _("guardian"),
    "household_id": _("household"),
    "street": _("address"),
    "postcode": _("postcode"),
    "city": _("town"),
}
WISHES: Names = {
    "channels": _("channel"),
    "channels_for": _("channel for one kind of message"),
    "days": _("days"),
    "hours_from": _("hours"),
    "hours_to": _("hours"),
    "pause_until": _("pause"),
    "quiet_all": _("quiet"),
    "preparation_by_text": _("preparation notes by text"),
    "language": _("language"),
    "style": _("tone"),
}
KINDS: Names = {
    "need": _("needs and concerns"),
    "want": _("wants and goals"),
    "lifestyle": _("lifestyle"),
    "relationship": _("relationship they wish"),
    "value": _("what they value"),
    "budget": _("budget"),
    "do_not": _("do not"),
    "format": _("how they read, hear and speak"),
    "anxious": _("anxious"),
    "complex": _("complex"),
}
CHANNELS: Names = {
    "email": _("e-mail"),
    "sms": _("text"),
    "call": _("phone"),
    "letter": _("letter"),
    "whatsapp": "WhatsApp",
    "messenger": "Messenger",
    "instagram": "Instagram",
    "*": _("any channel"),
}
PURPOSES: Names = {
    "all": _("all messages"),
    "marketing": _("marketing"),
    "offer": _("offers"),
    "review": _("being asked for a review"),
    "greeting": _("greetings"),
    "newsletter": _("newsletters"),
    "survey": _("surveys"),
    "health_data": _("use of health details"),
}
ENDINGS: Names = {
    "changed": _("there is a new one"),
    "wrong_number": _("wrong number"),
    "undeliverable": _("nothing arrives there"),
    "asked": _("they asked for it"),
    "list": _("the list says so"),
    "erased": _("they asked to be forgotten"),
}
FORMATS: Names = {
    "large_print": _("Large print"),
    "plain_words": _("Short words, short sentences"),
    "easy_read": _("Easy read, with pictures"),
    "braille": _("Braille"),
    "email_only": _("E-mail only, for a screen reader"),
    "no_texts": _("No texts"),
    "no_phone": _("No phone calls"),
    "sign_language": _("Sign language"),
    "not_in_writing": _("Nothing in writing: call"),
    "interpreter": _("Interpreter"),
    "hears_little": _("Hears little"),
    "lip_reads": _("Reads lips: face them"),
    "carer_copy": _("A helper gets a copy"),
    "companion": _("Brings somebody"),
    "guide_dog": _("Guide dog"),
    "longer_visit": _("Longer visit"),
}
STYLES: Names = {"short": _("Short and factual"), "friendly": _("Friendly"), "call": _("Just call me")}


def named(names: Names, code: str) -> str:
    """Return the word for a code, or the code itself where it has none."""
    return str(names.get(code, code))


def listed(names: Names, codes: Iterable[str]) -> str:
    """Return the words for codes, each once, with commas."""
    return ", ".join(dict.fromkeys(named(names, code) for code in codes))
