"""Addresses of the channels."""

from django.urls import path

from glede.desk.channels import views

urlpatterns = [
    path("settings/texts/", views.texts, name="texts"),
    path("settings/texts/try/", views.try_text, name="try_text"),
    path("settings/texts/open/", views.open_texts, name="open_texts"),
    path("settings/texts/end/", views.end_texts, name="end_texts"),
]
