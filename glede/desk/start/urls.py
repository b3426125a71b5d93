"""Addresses of the first page."""

from django.urls import path

from glede.desk.start import views

urlpatterns = [
    path("start/", views.start, name="start"),
    path("start/look-around/", views.look_around, name="look_around"),
    path("start/practice/", views.start_practice, name="start_practice"),
]
