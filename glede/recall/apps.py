"""The room of recall as Django knows it."""

from django.apps import AppConfig


class RecallConfig(AppConfig):
    """Registers the room's part of the acts across rooms."""

    name = "glede.recall"
    label = "recall"

    def ready(self) -> None:
        """Hand the rooms below what they may not import."""
        from glede.recall import handlers

        handlers.register()
