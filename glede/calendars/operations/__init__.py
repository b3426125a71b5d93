"""What is done with calendars: added, told by a file or an address, answered, stopped."""

from glede.calendars.operations.adding import add_calendar, stop_calendar
from glede.calendars.operations.answering import answer_vanished
from glede.calendars.operations.telling import read_again, take_fetched, take_file

__all__ = ["add_calendar", "answer_vanished", "read_again", "stop_calendar", "take_fetched", "take_file"]
