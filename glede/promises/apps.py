"""The room of promises."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "glede.promises"
