"""The reasons of the policy in plain sentences, English first. A page translates them; nothing here does.

Each stands on its own; where a reason names a word, ``DETAIL`` says which.
"""

from collections.abc import Mapping
from typing import Final

from glede.outbox.policy.vocabulary import Must, Reason


def gettext_noop(sentence: str) -> str:
    """Mark ``sentence`` for the catalogue and return it as it is."""
    return sentence


SENTENCES: Final[Mapping[Reason, str]] = {
    Reason.CARE: gettext_noop("This is part of their care. No consent is needed."),
    Reason.CARE_IF_NEUTRAL: gettext_noop("This is part of their care, as long as it sells nothing."),
    Reason.SOFT_OPT_IN: gettext_noop("They are a customer and were offered to say no."),
    Reason.OPT_IN: gettext_noop("They said yes to this."),
    Reason.NUMBER_GIVEN: gettext_noop("They gave us the number for this."),
    Reason.WRITTEN_CONSENT: gettext_noop("They said yes to this in writing."),
    Reason.CAN_SPAM: gettext_noop("The law of the USA allows this e-mail, with its address and a way out."),
    Reason.ANSWER: gettext_noop("It answers what they wrote."),
    Reason.EMERGENCY: gettext_noop("It is about somebody's safety."),
    Reason.HUMAN_AGENT: gettext_noop("A colleague wrote it, within seven days of their message."),
    Reason.REGISTER_CLEAR: gettext_noop("They have not said no in the public register, or are a customer."),
    Reason.NOT_OBJECTED: gettext_noop("They have not said no."),
    Reason.OWN_ACT: gettext_noop("It answers what they did a moment ago, so it leaves at once."),
    Reason.SAFETY_FIRST: gettext_noop("It is about safety, so it leaves at any hour."),
    Reason.NO_RULES: gettext_noop("There are no rules for this country yet."),
    Reason.NEVER_ALLOWED: gettext_noop("This may never be sent: they did not ask us for anything."),
    Reason.NO_CONSENT: gettext_noop("They have not said yes to this here."),
    Reason.NO_WRITTEN_CONSENT: gettext_noop("They have not said yes to this in writing."),
    Reason.NUMBER_NOT_GIVEN: gettext_noop("They have not given us the number for this."),
    Reason.NOTHING_SOLD: gettext_noop("They have bought nothing from us, so they are not asked."),
    Reason.NOT_FROM_SALE: gettext_noop("Their address does not come from a sale."),
    Reason.NO_CHOICE_OFFERED: gettext_noop("They were not offered to say no when they gave their address."),
    Reason.NOT_OWN_PRODUCT: gettext_noop("It is about something we do not sell ourselves."),
    Reason.INTERVAL_NOT_SET: gettext_noop("No clinician has set when they are due."),
    Reason.ON_REGISTER: gettext_noop("They said no in the public register."),
    Reason.REGISTER_NOT_CHECKED: gettext_noop("Nobody has looked in the public register yet."),
    Reason.OPTED_OUT: gettext_noop("They asked us to stop."),
    Reason.OPT_OUT_OVERDUE: gettext_noop("They asked us to stop long ago, and this was still waiting. Find out why."),
    Reason.QUIET: gettext_noop("They want no messages."),
    Reason.DECEASED: gettext_noop("They have died."),
    Reason.MERGED: gettext_noop("This record was joined with another."),
    Reason.MOVED_AWAY: gettext_noop("They have moved to another practice."),
    Reason.SAFEGUARDING: gettext_noop("A colleague looks after this person. No machine writes to them."),
    Reason.PROMOTION: gettext_noop("The words sell something."),
    Reason.CLINICAL_WORD: gettext_noop("The words tell others about their health or money."),
    Reason.PREPARATION: gettext_noop("They have not allowed notes about how to prepare."),
    Reason.STOP_WORD_AS_ANSWER: gettext_noop("The words ask for an answer that would stop all messages."),
    Reason.SHARED_ADDRESS: gettext_noop("Others read this number or address too. Say only “please call us”."),
    Reason.HEALTH_DATA: gettext_noop("They were chosen by their health, and have not agreed to that."),
    Reason.PAID_BY_OTHERS: gettext_noop("Somebody else pays for it, and they have not agreed to that."),
    Reason.WINDOW_CLOSED: gettext_noop("The time to answer here has run out."),
    Reason.NO_PLATFORM_CONSENT: gettext_noop("They have not said yes to messages here."),
    Reason.NOT_ON_THIS_CHANNEL: gettext_noop("Only answers may be sent here."),
    Reason.ENOUGH_TEXTS: gettext_noop("They have had enough texts for seven days."),
    Reason.ENOUGH_MARKETING: gettext_noop("They have had enough such messages for thirty days."),
    Reason.NO_SUCH_CHANNEL: gettext_noop("There is no such channel here yet."),
    Reason.NO_COMMON_HOURS: gettext_noop("Their hours and ours never meet. A colleague rings."),
    Reason.PURPOSE_OFF: gettext_noop("The practice has switched these messages off."),
    Reason.WAY_OFF: gettext_noop("The practice does not send these this way."),
    Reason.HOURS_OF_LAW: gettext_noop("The law keeps this hour quiet."),
    Reason.HOURS_OF_PRACTICE: gettext_noop("It is outside the practice's hours for messages."),
    Reason.HOURS_OF_PERSON: gettext_noop("It is outside the hours they chose."),
    Reason.PAUSED: gettext_noop("They asked for a pause."),
    Reason.DROPS: gettext_noop("They have drops in their eyes and cannot read it yet."),
    Reason.ONE_A_DAY: gettext_noop("They have had a message today. One a day is enough."),
}

DETAIL: Final = gettext_noop("The word is “{word}”.")

MUSTS: Final[Mapping[Must, str]] = {
    Must.SENDER: gettext_noop("who sends it"),
    Must.CONTACT: gettext_noop("how to reach us"),
    Must.UNSUBSCRIBE: gettext_noop("how to stop it, free of charge"),
    Must.POSTAL_ADDRESS: gettext_noop("our postal address"),
    Must.AD_NOTICE: gettext_noop("that it is an advertisement"),
    Must.VISIBLE_NUMBER: gettext_noop("a number that is shown"),
}
