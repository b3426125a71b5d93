"""Addresses of the practice's network."""

from django.urls import path

from glede.desk.network import views

urlpatterns = [
    path("settings/network/", views.network, name="network"),
    path("settings/network/glede-ca.crt", views.certificate, name="network_certificate"),
]
