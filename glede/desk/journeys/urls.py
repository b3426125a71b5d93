"""Addresses of the journey."""

from django.urls import path

from glede.desk.journeys import changes, files, history, measures, views

urlpatterns = [
    path("journeys/", views.every, name="journeys"),
    path("journeys/rows/<slug:row>/", views.one, name="journey_row"),
    path("journeys/rows/<slug:row>/again/", changes.again, name="journey_row_again"),
    path("journeys/rows/<slug:row>/remove/", changes.remove, name="journey_row_remove"),
    path("journeys/measures/", measures.every, name="journey_measures"),
    path("journeys/measures/<slug:row>/", measures.one, name="journey_measured"),
    path("journeys/history/", history.history, name="journey_history"),
    path("journeys/history/<slug:version>/", history.restore, name="journey_restore"),
    path("journeys/file/", files.file, name="journey_file"),
    path("journeys/bring/", files.bring, name="journey_bring"),
]
