"""Addresses of a walk in a patient's shoes."""

from django.urls import path

from glede.desk.shoes import phone, views

urlpatterns = [
    path("shoes/", views.walk, name="shoes"),
    path("shoes/walks/", views.begin, name="shoes_begin"),
    path("shoes/steps/", views.go_on, name="shoes_step"),
    path("shoes/phone/<str:walk>/<path:inner>", phone.patient_page, name="shoes_phone"),
]
