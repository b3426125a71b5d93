"""The portal as Django knows it."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Joins two rooms that may not know each other: feedback is read for red flags by the inbox."""

    name = "glede.portal"
    label = "portal"

    def ready(self) -> None:
        """Let the inbox read what people say in feedback."""
        from glede.feedback import reading
        from glede.inbox import rules

        def read(words: str) -> reading.Reading:
            found = rules.raise_tier(words)
            return reading.Reading(found.tier, found.categories)

        reading.register(read)
