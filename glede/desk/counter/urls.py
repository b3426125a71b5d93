"""Addresses of the counter."""

from django.urls import path

from glede.desk.counter import views

urlpatterns = [
    path("counter/", views.counter, name="counter"),
    path("counter/<uuid:patient_id>/", views.case, name="counter_case"),
    path("counter/<uuid:patient_id>/put-right/", views.put_right, name="counter_put_right"),
    path("counter/stranger/", views.stranger, name="counter_stranger"),
]
