"""Addresses of the demonstration's clock."""

from django.urls import path

from glede.desk.clock import views

urlpatterns = [
    path("demonstration/clock/", views.move, name="clock"),
    path("demonstration/again/", views.reset, name="reset_demonstration"),
    path("demonstration/seat/", views.take_seat, name="take_seat"),
]
