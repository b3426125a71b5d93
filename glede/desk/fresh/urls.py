"""Addresses of what keeps two desks together."""

from django.urls import path

from glede.desk.fresh import views

urlpatterns = [
    path("fresh/", views.fresh, name="fresh"),
    path("presence/", views.presence, name="presence"),
]
