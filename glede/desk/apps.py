"""The room desk."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "glede.desk"
