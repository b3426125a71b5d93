"""Addresses of the help."""

from django.urls import path

from glede.desk.help import views

urlpatterns = [path("help/", views.help_page, name="help")]
