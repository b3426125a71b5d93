"""The log names no link that opens something."""

import logging
from typing import Any

import pytest
from django.conf import settings
from django.utils.module_loading import import_string


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Conflict: /t/C15TZ09WWARAB/move/", "Conflict: /t/…/move/"),
        ("Not Found: /u/abc.def?x=1", "Not Found: /u/…?x=1"),
        ("Forbidden: /hooks/sms/key/status/7/", "Forbidden: /hooks/sms/…/status/7/"),
        ("Forbidden: /hooks/sms/key/http/status/7/?secret=s", "Forbidden: /hooks/sms/…/http/status/7/?…"),
        ("Not Found: /t/abc0def/follow.ics", "Not Found: /t/…/follow.ics"),
        ("Not Found: /hooks/days/a-B_c.ics", "Not Found: /hooks/days/…"),
        ("Not Found: /join/C15TZ09WWARAB/", "Not Found: /join/…/"),
        ("Not Found: /people/7/", "Not Found: /people/7/"),
    ],
)
def test_a_line_keeps_no_code_of_an_address(said: str, kept: str) -> None:
    config: dict[str, Any] = settings.LOGGING
    told = config["formatters"]["line"]
    line = import_string(told["()"])(told["format"], style=told["style"])
    assert line.format(logging.makeLogRecord({"msg": said})).endswith(kept)
