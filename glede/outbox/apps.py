"""The outbox as Django knows it, and its part of the acts across rooms."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Registers what the outbox does when a person is erased or merged, exported, told about or verified."""

    name = "glede.outbox"
    label = "outbox"

    def ready(self) -> None:
        """Hand the rooms below what they may not import."""
        from glede.outbox import campaigns, composing, handlers

        handlers.register()
        composing.register(campaigns.KIND, campaigns.write)
