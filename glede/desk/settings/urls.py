"""Addresses of the settings."""

from django.urls import path

from glede.desk.settings import safety, views

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/about/", views.about, name="settings_about"),
    path("settings/promises/", views.promises, name="settings_promises"),
    path("settings/hours/", views.hours, name="settings_hours"),
    path("settings/closed-days/", views.close_day, name="settings_closed"),
    path("settings/services/", views.service, name="settings_service"),
    path("settings/services/<uuid:service_id>/", views.price, name="settings_price"),
    path("settings/practitioners/", views.practitioner, name="settings_practitioner"),
    path("settings/restored/", safety.restored, name="restored"),
]
