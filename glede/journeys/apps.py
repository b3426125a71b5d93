"""The room of journeys."""

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "glede.journeys"

    def ready(self) -> None:
        """Follow the ledger, and write the words of what is about a visit."""
        from glede.journeys import registration

        registration.register()
