"""Where we are on the open net, as providers may call us."""

from django.conf import settings

from glede.practices.models import Practice


def public_address(practice: Practice) -> str:
    """Return where we are on the open net, without a slash at its end; "" where we are not."""
    return (practice.public_url or settings.PUBLIC_URL).rstrip("/")
