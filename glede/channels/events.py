"""The names of the events this room records."""

ACCOUNT_SET = "channels.texts.set"
ACCOUNT_ENDED = "channels.texts.ended"
CLOSED = "channels.texts.closed"
OPENED = "channels.texts.opened"
TRIED = "channels.texts.tried"
