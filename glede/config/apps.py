"""The ways in."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "glede.config"
    label = "glede_config"
