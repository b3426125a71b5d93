"""The practice's part of the addresses at which providers call us."""

import secrets
from uuid import UUID

from glede.practices.models import ChannelAccount


def hook_key(practice_id: UUID, channel: str) -> str:
    """Return the practice's part of our address for a channel, made once: who does not know it finds nobody there."""
    entry = ChannelAccount.objects.filter(channel=channel, practice_id=practice_id).first()
    if entry is None:
        endpoint = secrets.token_urlsafe(18)
        entry = ChannelAccount.objects.create(channel=channel, practice_id=practice_id, endpoint=endpoint)
    return entry.endpoint
