"""Every column in which words about a person can stand, and every other column of text, so that none is forgotten."""

from django.apps import apps
from django.db import models

TEXT = (
    models.CharField, models.TextField, models.JSONField, models.BinaryField,
)  # fmt: skip

# What erasing must empty. A sealed column must be null, the others hold no word.
WORDS: dict[str, tuple[str, ...]] = {
    "people_patient": (
        "given_name", "family_name", "how_to_say", "external_id", "source", "campaign", "street", "postcode", "city",
        "sort_key",
    ),
    "people_fieldchange": ("was", "value"),
    "people_contactpoint": ("value", "email_key", "e164"),
    "people_searchtoken": ("token",),
    "people_need": ("words",),
    "people_note": ("words",),
    "people_rightsrequest": ("was", "proposed", "answer_words"),
    "diary_appointment": ("external_id", "list_said"),
    "diary_remark": ("words",),
    "outbox_message": ("in_reply_to", "subject_line", "body"),
    "outbox_attempt": ("words",),
    "outbox_breaker": ("words",),
    "inbox_inboundmessage": ("words",),
    "inbox_reply": ("words",),
    "inbox_closure": ("note",),
    "inbox_assessment": ("reason",),
    "inbox_straymessage": ("address", "words", "note", "calm_reason"),
    "inbox_draft": ("words",),
    "feedback_response": ("words",),
    "team_thanks": ("words",),
    "lists_broughtlist": ("content", "report"),
    "lists_broughtrow": ("before",),
    "recall_nextvisit": ("words",),
    "channels_rawmail": ("sealed", "address", "subject", "note"),
    "promises_promiseoutcome": ("note",),
    "django_session": ("session_data",),
}  # fmt: skip
SEALED = {"lists_broughtlist": ("content", "report"), "channels_rawmail": ("sealed",)}

# Nothing of a person's words stands here: codes, ids, digests, keys; or words of the practice about itself.
ROOMS_OF_CODES = frozenset({"auth", "contenttypes", "procrastinate", "axes", "account", "mfa", "practices", "staff"})
CODES: dict[str, tuple[str, ...]] = {
    # Empty where people are: written in the sealed database alone, about somebody made up.
    "shoes_walk": ("persona", "language", "state"),
    "shoes_frame": ("seen", "code"),
    "people_patient": ("language", "style", "zone", "list_key", "added_by_role"),
    "people_apart": ("said_by_role",),
    "people_patientkey": ("wrapped",),
    "people_fieldchange": ("field", "by_role"),
    # The proof of what was allowed and refused: codes, the practice's wording, hashes.
    "people_consentevent": (
        "contact_hash", "action", "purpose", "channel", "brand_scope", "jurisdiction", "legal_basis", "wording_text",
        "wording_version", "language", "form_id", "collected_via", "actor_role", "origin_hash", "proof_ref",
    ),
    "people_suppression": ("key_hash", "kind", "channel", "scope"),
    "people_contactpoint": ("kind", "added_by_role", "ended_reason", "ended_by_role"),
    "people_contactpreference": ("channels", "channels_for", "days", "set_by_role"),
    "people_hold": ("reason",),
    "people_likeness": ("verdict", "reasons"),
    "people_need": ("kind", "noted_by_role", "code"),
    "people_note": ("written_by_role",),
    "people_asked": ("question",),
    "people_rightsrequest": ("kind", "field", "answer", "answered_by_role"),
    "diary_appointment": (
        "more_time", "zone", "tzdata_version", "state", "booked_by", "cancelled_by", "cancel_reason", "moved_by",
        "source", "link_hash",
    ),
    "outbox_message": (
        "lane", "channel", "language", "state", "reason", "held_by", "message_ref", "provider_id", "price_currency",
    ),
    "outbox_attempt": ("kind", "outcome", "reason", "provider_id", "request_hash"),
    "outbox_breaker": ("channel",),
    "inbox_inboundmessage": ("channel", "categories", "lexicon_version"),
    "inbox_reply": ("channel",),
    "inbox_closure": ("reason",),
    "inbox_straymessage": ("channel", "provider_id"),
    "feedback_response": ("categories",),
    "lists_broughtlist": ("what", "name", "state", "told", "theirs", "counts", "reason"),
    "lists_broughtrow": ("kind", "word"),
    "recall_nextvisit": ("why", "suggested_by", "set_by_role"),
    "channels_rawmail": ("came_by", "form", "sha256", "state", "sort", "reason"),
    "promises_promiseoutcome": ("outcome", "actor_role", "evidence_kind", "reason"),
    "django_session": ("session_key",),
}  # fmt: skip
# Whole tables of codes, or of the practice's own words; what a row is about stands beside it.
NO_WORDS_IN = frozenset({
    "ledger_event", "ledger_head", "ledger_subject", "ledger_access", "ledger_accessseal", "ledger_checkpoint",
    "ledger_tile", "ledger_cursor", "promises_promise", "catalogue_service", "diary_leave", "diary_series",
    "diary_statechange", "diary_heldtime", "diary_claim", "diary_facility", "outbox_touch", "outbox_campaign",
    "lists_listsource", "recall_closing", "channels_textaccount", "channels_mailaccount", "channels_mailcall",
    "channels_ownaddress", "channels_mailbox", "journeys_journey", "journeys_enrolment", "journeys_calloutcome",
    "journeys_wording", "calendars_calendar", "calendars_calendarfile", "calendars_busytime",
})  # fmt: skip


def unsorted() -> list[str]:
    """Return every column of text that stands in none of these lists, and every name in them that is no column."""
    there = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if _is_text(field)
    }
    told = {(table, column) for lists in (WORDS, CODES) for table, columns in lists.items() for column in columns}
    open_ones = {
        (table, column)
        for table, column in there - told
        if table not in NO_WORDS_IN and not table.startswith(("outside_", *ROOMS_OF_CODES)) and table != _TYPES
    }
    return sorted(f"{table}.{column}" for table, column in open_ones | (told - there))


_TYPES = "django_content_type"


def _is_text(field: "models.Field[object, object]") -> bool:
    return isinstance(field, TEXT) or "Array" in type(field).__name__
