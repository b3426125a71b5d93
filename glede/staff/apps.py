"""The room of colleagues."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "glede.staff"
