"""What can be done with a list. The only place where this room's rows are written."""

from glede.lists.operations.bringing import begin_bringing, bring_list, stop_bringing
from glede.lists.operations.reading import begin_reading, read_through
from glede.lists.operations.staging import decide, discard_list, map_columns, put_in_list, take_proposals
from glede.lists.operations.taking_back import begin_taking_back, take_back_list

__all__ = [
    "begin_bringing",
    "begin_reading",
    "begin_taking_back",
    "bring_list",
    "decide",
    "discard_list",
    "map_columns",
    "put_in_list",
    "read_through",
    "stop_bringing",
    "take_back_list",
    "take_proposals",
]
