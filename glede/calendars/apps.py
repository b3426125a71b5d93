"""The calendars as Django knows them."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """Gives the room its name."""

    name = "glede.calendars"
    label = "calendars"
