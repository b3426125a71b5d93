"""The room journeys."""

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "glede.journeys"
