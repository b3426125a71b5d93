"""Lists as Django knows them."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    """Registers the room's part of the acts across rooms."""

    name = "glede.lists"
    label = "lists"

    def ready(self) -> None:
        """Hand the rooms below what they may not import."""
        from glede.lists import handlers

        handlers.register()
