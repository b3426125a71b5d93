"""The room of the diary."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "glede.diary"

    def ready(self) -> None:
        """Tell the ledger how to check the diary, and how its events read."""
        from glede.diary import registration

        registration.register()
