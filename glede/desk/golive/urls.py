"""Addresses of going live."""

from django.urls import path

from glede.desk.golive import views

urlpatterns = [
    path("settings/live/", views.live, name="live"),
    path("settings/live/tick/", views.tick, name="live_tick"),
    path("settings/live/trial/", views.trial, name="live_trial"),
    path("settings/live/origin/", views.origin, name="live_origin"),
    path("settings/live/steps/", views.steps, name="live_steps"),
    path("settings/live/address/", views.address, name="live_address"),
]
