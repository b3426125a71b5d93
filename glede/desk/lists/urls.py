"""Addresses of lists."""

from django.urls import path

from glede.desk.lists import acts, views

urlpatterns = [
    path("lists/", views.lists, name="lists"),
    path("lists/<uuid:list_id>/", views.list_, name="list"),
    path("lists/<uuid:list_id>/rejects/", views.rejects, name="list_rejects"),
    path("lists/<uuid:list_id>/columns/", acts.columns, name="list_columns"),
    path("lists/<uuid:list_id>/answers/", acts.answers, name="list_answers"),
    path("lists/<uuid:list_id>/settings/", acts.proposals, name="list_proposals"),
    path("lists/<uuid:list_id>/coming-in/", acts.bring, name="list_bring"),
    path("lists/<uuid:list_id>/stop/", acts.stop, name="list_stop"),
    path("lists/<uuid:list_id>/discard/", acts.discard, name="list_discard"),
    path("lists/<uuid:list_id>/back/", acts.take_back, name="list_take_back"),
]
