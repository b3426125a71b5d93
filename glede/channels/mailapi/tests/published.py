"""What Postmark and Mailgun say of a request to send, as JSON schemas written from their own pages.

Neither's own contract stands in the data collected for these tests, so each schema names the page it was read from,
and the day. Those pages were read as they were stored by others, not at the providers. What a page does not know is
refused: a field of ours that they would leave unread is a fault.
"""

from typing import Any

from jsonschema import Draft202012Validator

from glede.channels.mailapi.config import MAILGUN, POSTMARK

READ_ON = "2026-11-23"
SOURCES = {
    POSTMARK: "https://postmarkapp.com/developer/user-guide/send-email-with-api",
    MAILGUN: "https://documentation.mailgun.com/docs/mailgun/api-reference/openapi-final/tag/Messages",
}
_TEXT = {"type": "string", "minLength": 1}
_YES_NO = {"enum": ["yes", "no", "true", "false", "htmlonly"]}
_BODY = {POSTMARK: ("TextBody", "HtmlBody"), MAILGUN: ("text", "html", "amp-html", "template")}

SCHEMAS: dict[str, dict[str, Any]] = {
    POSTMARK: {
        "type": "object",
        "required": ["From", "To"],
        "additionalProperties": False,
        "properties": {
            "From": _TEXT,
            "To": _TEXT,
            "Cc": _TEXT,
            "Bcc": _TEXT,
            "Subject": {"type": "string"},
            "Tag": {"type": "string", "maxLength": 1000},
            "HtmlBody": _TEXT,
            "TextBody": _TEXT,
            "ReplyTo": _TEXT,
            "Headers": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["Name", "Value"],
                    "additionalProperties": False,
                    "properties": {"Name": _TEXT, "Value": {"type": "string"}},
                },
            },
            "TrackOpens": {"type": "boolean"},
            "TrackLinks": {"enum": ["None", "HtmlAndText", "HtmlOnly", "TextOnly"]},
            "Metadata": {  # the limits are told in its help, which was not seen; ours keep within them
                "type": "object",
                "propertyNames": {"maxLength": 20},
                "maxProperties": 10,
                "additionalProperties": {"type": "string", "maxLength": 80},
            },
            "Attachments": {"type": "array"},
            "MessageStream": _TEXT,
        },
    },
    MAILGUN: {
        "type": "object",
        "required": ["from", "to", "subject"],
        "additionalProperties": False,
        "properties": {
            "from": _TEXT,
            "to": _TEXT,
            "cc": _TEXT,
            "bcc": _TEXT,
            "subject": {"type": "string"},
            "text": _TEXT,
            "html": _TEXT,
            "amp-html": _TEXT,
            "template": _TEXT,
            "o:tag": _TEXT,
            "o:dkim": _YES_NO,
            "o:testmode": _YES_NO,
            "o:tracking": _YES_NO,
            "o:tracking-clicks": _YES_NO,
            "o:tracking-opens": _YES_NO,
            "o:require-tls": _YES_NO,
            "recipient-variables": {"type": "string"},
        },
        "patternProperties": {"^h:[A-Za-z0-9-]+$": {"type": "string"}, "^v:[A-Za-z0-9_-]+$": {"type": "string"}},
    },
}
PATHS = {POSTMARK: "/v3/email", MAILGUN: "/v3/mg.solberg.example/messages"}


def problems(provider: str, mail: dict[str, Any]) -> list[str]:
    """Return what a provider's page would not have in a request; nothing where all is as it says."""
    schema = SCHEMAS[provider] | {"anyOf": [{"required": [name]} for name in _BODY[provider]]}
    plain = {name: value.rstrip("\n") if isinstance(value, str) else value for name, value in mail.items()}
    return [error.message[:200] for error in Draft202012Validator(schema).iter_errors(plain)]
