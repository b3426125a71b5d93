"""Django's ``migrate``, always as the owner, followed by the rights of the application's role."""

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from glede.config.databases import APPLICATION, OWNER
from glede.config.quick_migrations import quickly
from glede.config.server import grant_application


class Command(Migrate):
    """Migrate on the owner's connection; then let the application at the tables outside the wall."""

    def add_arguments(self, parser: Any) -> None:
        """Take Django's arguments, with the owner's connection as the default."""
        super().add_arguments(parser)
        parser.set_defaults(database=OWNER)

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and grant."""
        with quickly():
            super().handle(*args, **options)
        connection = connections[options["database"]]
        role = settings.DATABASES[APPLICATION]["USER"]
        if connection.settings_dict["USER"] == role:
            return
        connection.ensure_connection()
        grant_application(connection.connection, role)
