"""The team as Django knows it."""

from django.apps import AppConfig


class TeamConfig(AppConfig):
    """Registers the room's part of the acts across rooms."""

    name = "glede.team"
    label = "team"

    def ready(self) -> None:
        """Hand the rooms below what they may not import."""
        from glede.team import handlers

        handlers.register()
