"""The portal as Django knows it."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Joins two rooms that may not know each other: feedback is read for red flags by the inbox."""

    name = "glede.portal"
    label = "portal"

    def ready(self) -> None:
        """Let the inbox read what people say in feedback."""
        from glede.feedback import reading
        from glede.inbox import urgent

        def read(words: str) -> reading.Reading:
            found = urgent.read(words)
            return reading.Reading(urgent.urgency(found.tier, must_read_now=found.must_read_now), found.categories)

        reading.register(read)
