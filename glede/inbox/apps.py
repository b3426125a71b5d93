"""The inbox as Django knows it, and the handlers it registers with the rooms below."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """Registers the words of a conversation with ``outbox`` and its part of the acts across rooms."""

    name = "glede.inbox"
    label = "inbox"

    def ready(self) -> None:
        """Hand the rooms below what they may not import."""
        from glede.inbox import handlers

        handlers.register()
