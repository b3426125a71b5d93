"""The room of the record."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "glede.ledger"

    def ready(self) -> None:
        """Hand ``act`` down to the rooms below the ledger."""
        from glede.ledger.operations import act
        from glede.practices import recording

        recording.provide(act)
