"""What the log may say: a patient's link opens a page, so no line of the log holds one."""

import logging
import re

_QUERY = re.compile(r"(/hooks/[^\s?\"']*)\?[^\s\"']+")
_SECRET = re.compile(r"/(t|u|join|hooks/here|hooks/sms|hooks/mail|hooks/days)/[^/\s?\"']+")


class Discreet(logging.Formatter):
    """Writes a line, or the story of a fault, without the codes that stand in addresses."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as it may be kept."""
        return _SECRET.sub(r"/\1/…", _QUERY.sub(r"\1?…", super().format(record)))
