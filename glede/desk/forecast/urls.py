"""Address of the forecast."""

from django.urls import path

from glede.desk.forecast import views

urlpatterns = [path("settings/forecast/", views.ahead, name="forecast")]
