"""The words of the policy: purposes, channels, grounds in law, reasons. Values only."""

from enum import StrEnum


class Purpose(StrEnum):
    """What a message is for: the rows of docs/rules.md#purposes-and-countries."""

    BOOKING = "booking"
    REMINDER = "reminder"
    PREVISIT = "previsit"
    THANKS = "thanks"
    REPLY = "reply"
    ACKNOWLEDGEMENT = "acknowledgement"
    ORDER_READY = "order_ready"
    AFTERCARE = "aftercare"
    RECALL = "recall"
    SURVEY = "survey"
    REVIEW = "review"
    REFERRER_THANKS = "referrer_thanks"
    GREETING = "greeting"
    OFFER = "offer"
    WINBACK = "winback"
    THIRD_PARTY = "third_party"
    SAFETY = "safety"


class Channel(StrEnum):
    """How a message travels. ``call`` is a colleague who rings; ``voice`` is a machine that does."""

    EMAIL = "email"
    SMS = "sms"
    CALL = "call"
    LETTER = "letter"
    WHATSAPP = "whatsapp"
    MESSENGER = "messenger"
    INSTAGRAM = "instagram"
    VOICE = "voice"


class Decision(StrEnum):
    """What may happen now."""

    ALLOW = "allow"
    DENY = "deny"
    DEFER = "defer"


class Basis(StrEnum):
    """The ground in law a message stands on, or would have to stand on. Codes of docs/rules.md."""

    CARE = "care"
    CARE_IF_NEUTRAL = "care_if_neutral"
    SOFT = "soft"
    OPT = "opt"
    PEC = "pec"
    PEWC = "pewc"
    CAN_SPAM = "can_spam"
    REPLY = "reply"
    EMERGENCY = "emergency"
    HUMAN_AGENT = "human_agent"
    REGISTER = "register"
    OBJECTION = "objection"
    NEVER = "never"
    NO_RULES = "no_rules"


class Must(StrEnum):
    """What the words must hold before they may leave."""

    SENDER = "sender"
    CONTACT = "contact"
    UNSUBSCRIBE = "unsubscribe"
    POSTAL_ADDRESS = "postal_address"
    AD_NOTICE = "ad_notice"
    VISIBLE_NUMBER = "visible_number"


class Reason(StrEnum):
    """Why a verdict is what it is. Sentences for people stand in ``words.SENTENCES``."""

    CARE = "care"
    CARE_IF_NEUTRAL = "care_if_neutral"
    SOFT_OPT_IN = "soft_opt_in"
    OPT_IN = "opt_in"
    NUMBER_GIVEN = "number_given"
    WRITTEN_CONSENT = "written_consent"
    CAN_SPAM = "can_spam"
    ANSWER = "answer"
    EMERGENCY = "emergency"
    HUMAN_AGENT = "human_agent"
    REGISTER_CLEAR = "register_clear"
    NOT_OBJECTED = "not_objected"
    OWN_ACT = "own_act"
    SAFETY_FIRST = "safety_first"

    NO_RULES = "no_rules"
    NEVER_ALLOWED = "never_allowed"
    NO_CONSENT = "no_consent"
    NO_WRITTEN_CONSENT = "no_written_consent"
    NUMBER_NOT_GIVEN = "number_not_given"
    NOTHING_SOLD = "nothing_sold"
    NOT_FROM_SALE = "not_from_sale"
    NO_CHOICE_OFFERED = "no_choice_offered"
    NOT_OWN_PRODUCT = "not_own_product"
    INTERVAL_NOT_SET = "interval_not_set"
    ON_REGISTER = "on_register"
    REGISTER_NOT_CHECKED = "register_not_checked"
    OPTED_OUT = "opted_out"
    OPT_OUT_OVERDUE = "opt_out_overdue"
    QUIET = "quiet"
    DECEASED = "deceased"
    MERGED = "merged"
    MOVED_AWAY = "moved_away"
    SAFEGUARDING = "safeguarding"
    PROMOTION = "promotion"
    CLINICAL_WORD = "clinical_word"
    PREPARATION = "preparation"
    STOP_WORD_AS_ANSWER = "stop_word_as_answer"
    SHARED_ADDRESS = "shared_address"
    HEALTH_DATA = "health_data"
    PAID_BY_OTHERS = "paid_by_others"
    WINDOW_CLOSED = "window_closed"
    NO_PLATFORM_CONSENT = "no_platform_consent"
    NOT_ON_THIS_CHANNEL = "not_on_this_channel"
    ENOUGH_TEXTS = "enough_texts"
    ENOUGH_MARKETING = "enough_marketing"
    NO_SUCH_CHANNEL = "no_such_channel"
    NO_COMMON_HOURS = "no_common_hours"
    PURPOSE_OFF = "purpose_off"
    WAY_OFF = "way_off"

    HOURS_OF_LAW = "hours_of_law"
    HOURS_OF_PRACTICE = "hours_of_practice"
    HOURS_OF_PERSON = "hours_of_person"
    PAUSED = "paused"
    DROPS = "drops"
    ONE_A_DAY = "one_a_day"


TEXT_CHANNELS = frozenset({Channel.SMS, Channel.WHATSAPP, Channel.MESSENGER, Channel.INSTAGRAM})
"""Channels that are judged in the column of the text message."""

BUILT = frozenset({Channel.EMAIL, Channel.SMS, Channel.CALL})
"""The channels there are so far. The rules of the others stand ready, and nothing leaves by them."""

ANSWERS = frozenset({Purpose.REPLY, Purpose.ACKNOWLEDGEMENT})
"""Purposes that answer something the person wrote."""

LOGISTICS = ANSWERS | {Purpose.BOOKING, Purpose.REMINDER, Purpose.ORDER_READY, Purpose.SAFETY}
"""What a visit or an order cannot do without: not counted as the one unprompted message of a day."""

SERVICE_BASES = frozenset(
    {Basis.CARE, Basis.CARE_IF_NEUTRAL, Basis.PEC, Basis.REPLY, Basis.EMERGENCY, Basis.HUMAN_AGENT}
)
"""Grounds on which a message is a service; on any other it is marketing, with its hours and limits."""

ABOUT_THE_CHANNEL = frozenset(
    {
        Reason.OPTED_OUT, Reason.NO_CONSENT, Reason.NO_WRITTEN_CONSENT, Reason.NUMBER_NOT_GIVEN, Reason.WINDOW_CLOSED,
        Reason.NO_PLATFORM_CONSENT, Reason.NOT_ON_THIS_CHANNEL, Reason.SHARED_ADDRESS, Reason.ENOUGH_TEXTS,
        Reason.ON_REGISTER, Reason.REGISTER_NOT_CHECKED, Reason.NO_SUCH_CHANNEL, Reason.WAY_OFF,
    }
)  # fmt: skip
"""Refusals that another channel may not meet: the next one is worth asking about. All others end the matter."""
