"""Addresses of the outbox."""

from django.urls import path

from glede.desk.outbox import faring, views

urlpatterns = [
    path("outbox/", views.board, name="outbox"),
    path("outbox/faring/", faring.show, name="outbox_faring"),
    path("outbox/stop/", views.stop_all, name="stop_all"),
    path("outbox/day/<str:shown>/", views.board, name="outbox_day"),
    path("outbox/<uuid:message_id>/", views.message, name="message"),
    path("outbox/<uuid:message_id>/hold/", views.hold, name="hold_message"),
    path("outbox/<uuid:message_id>/release/", views.release, name="release_message"),
    path("outbox/<uuid:message_id>/ring/", views.ring, name="ring_message"),
    path("outbox/<uuid:message_id>/stop/", views.stop, name="stop_message"),
    path("outbox/<uuid:message_id>/send/", views.send, name="send_message"),
]
