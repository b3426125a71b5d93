"""The room in which a practice walks in its patients' shoes."""

from django.apps import AppConfig


class ShoesConfig(AppConfig):
    name = "glede.shoes"
