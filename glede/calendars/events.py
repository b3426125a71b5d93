"""What can happen to a calendar that is kept elsewhere."""

from typing import Final

ADDED: Final = "calendars.calendar.added"
READ: Final = "calendars.calendar.read"
REFUSED: Final = "calendars.calendar.refused"
MISSED: Final = "calendars.calendar.missed"
ANSWERED: Final = "calendars.calendar.answered"
STOPPED: Final = "calendars.calendar.stopped"
