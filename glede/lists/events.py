"""What can happen to a list."""

from typing import Final

PUT_IN: Final = "lists.list.put_in"
READING: Final = "lists.list.reading"
READ: Final = "lists.list.read"
ANSWERED: Final = "lists.list.answered"
BEGUN: Final = "lists.list.begun"
BROUGHT: Final = "lists.list.brought"
STOPPED: Final = "lists.list.stopped"
DISCARDED: Final = "lists.list.discarded"
TAKEN_BACK: Final = "lists.list.taken_back"
