"""Tells Django about the room."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "glede.ui"
    label = "ui"
