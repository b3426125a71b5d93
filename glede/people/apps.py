"""The room's place in Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "glede.people"

    def ready(self) -> None:
        """Take part in the acts across rooms."""
        from glede.people import handlers

        handlers.register()
