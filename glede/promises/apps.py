"""The room of promises."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "glede.promises"

    def ready(self) -> None:
        """Take part in the acts across rooms."""
        from glede.promises import handlers

        handlers.register()
