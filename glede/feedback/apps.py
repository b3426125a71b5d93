"""Feedback as Django knows it."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Registers the room's part of the acts across rooms."""

    name = "glede.feedback"
    label = "feedback"

    def ready(self) -> None:
        """Hand the rooms below what they may not import."""
        from glede.feedback import handlers

        handlers.register()
