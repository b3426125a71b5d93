"""The hooks as Django knows them."""

from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "glede.hooks"
    label = "hooks"
