"""Addresses of the desk; each feature has its own file."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

app_name = "desk"
FEATURES = (
    "start", "today", "counter", "door", "calls", "people", "diary", "recall", "outbox", "lists", "settings",
    "campaigns", "colleagues", "rights", "forecast", "shoes", "channels",
    "journeys", "golive", "network", "fresh", "clock", "help",
)  # fmt: skip
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"glede.desk.{feature}.urls"))
    for feature in FEATURES
    if find_spec(f"glede.desk.{feature}") and find_spec(f"glede.desk.{feature}.urls")
]
