"""Addresses of the end of a visit."""

from django.urls import path

from glede.desk.recall import planning, views

urlpatterns = [
    path("visits/<uuid:appointment_id>/closing/", views.close, name="close_visit"),
    path("visits/closings/<uuid:closing_id>/taken-back/", views.take_back, name="reopen_visit"),
    path("people/<uuid:patient_id>/next-visit/", planning.plan, name="next_visit"),
    path("people/next-visits/<uuid:plan_id>/taken-back/", planning.take_back, name="next_visit_back"),
]
