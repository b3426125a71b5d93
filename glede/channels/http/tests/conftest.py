"""Houses that send texts, as those of the other provider do."""

from glede.channels.sms.tests.conftest import email, house, provider

__all__ = ["email", "house", "provider"]
