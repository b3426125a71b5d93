"""The names of the events this room records."""

ACCEPTED = "outbox.message.accepted"
REHEARSED = "outbox.message.rehearsed"
SKIPPED = "outbox.message.skipped"
SENT = "outbox.message.sent"
DELIVERED = "outbox.message.delivered"
READ = "outbox.message.read"
FAILED = "outbox.message.failed"
UNKNOWN = "outbox.message.unknown"
HANDED = "outbox.message.handed"
STOPPED = "outbox.message.stopped"
HELD = "outbox.message.held"
RELEASED = "outbox.message.released"

ALL = (ACCEPTED, SENT, DELIVERED, READ, REHEARSED, SKIPPED, FAILED, UNKNOWN, HANDED, STOPPED, HELD, RELEASED)

TRIED = "outbox.trial.sent"
"""A trial mail to the practice itself: about no message and no person."""

CHECKPOINT_MAILED = "outbox.checkpoint.mailed"
"""The day's checkpoint to the owners: about no message and no person."""

CHANNEL_RESTS = "outbox.channel.rests"
CHANNEL_WOKE = "outbox.channel.woke"
"""A channel of the practice answered badly, or well again: about no message and no person."""

CAMPAIGN_MADE = "outbox.campaign.made"
CAMPAIGN_STARTED = "outbox.campaign.started"
CAMPAIGN_UNFOLDED = "outbox.campaign.unfolded"
CAMPAIGN_STOPPED = "outbox.campaign.stopped"
"""A campaign as a whole: about no message and no person."""
