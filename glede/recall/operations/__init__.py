"""What can be done at the end of a visit. The only place where this room's rows are written."""

from glede.recall.operations.closing import close_visit, take_back_closing
from glede.recall.operations.planning import set_next_visit, take_back_next_visit

__all__ = ["close_visit", "set_next_visit", "take_back_closing", "take_back_next_visit"]
