"""The room of the diary."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "glede.diary"

    def ready(self) -> None:
        """Hand the rooms below what they may not import."""
        from glede.diary import handlers

        handlers.register()
