"""The room of practices."""

from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "glede.practices"
