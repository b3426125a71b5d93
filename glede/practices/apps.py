"""The room of practices."""

from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "glede.practices"

    def ready(self) -> None:
        """Let every connection read moments quickly."""
        from django.db.backends.signals import connection_created

        from glede.practices.moments import read_quickly

        connection_created.connect(read_quickly)
