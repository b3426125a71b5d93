"""Addresses of calls."""

from django.urls import path

from glede.desk.calls import views

urlpatterns = [path("calls/", views.call, name="call")]
