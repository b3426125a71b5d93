"""The room in which people look around."""

from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "glede.demonstration"
