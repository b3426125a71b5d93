"""Addresses for machines."""

from django.urls import path

from glede.hooks import views

app_name = "hooks"

urlpatterns = [path("health/", views.health, name="health")]
