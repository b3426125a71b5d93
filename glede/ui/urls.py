"""Addresses of the interface itself."""

from django.urls import path, re_path

from glede.ui import views

app_name = "ui"
urlpatterns = [
    path("look/", views.set_look, name="look"),
    path("gallery/", views.gallery, name="gallery"),
    path("worker.js", views.worker, name="worker"),
    re_path(
        r"^(?P<stem>staff|diary|patient)\.(?P<digest>[0-9a-f]{12})\.(?P<kind>css|js)$", views.bundle, name="bundle"
    ),
]
