"""Addresses of a practice's own booking page, under the practice's short name. A secret names a held time."""

from django.urls import path

from glede.portal.booking import views, wishing

app_name = "booking"

urlpatterns = [
    path("<slug:practice>/", views.reasons, name="reasons"),
    path("<slug:practice>/held/<str:secret>/", views.who, name="who"),
    path("<slug:practice>/held/<str:secret>/booking/", views.book, name="book"),
    path("<slug:practice>/<slug:service>/", views.times, name="times"),
    path("<slug:practice>/<slug:service>/wish/", wishing.wish, name="wish"),
]
