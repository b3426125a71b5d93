"""Addresses of the diary."""

from django.urls import path

from glede.desk.diary import acts, booking, sheet, views

urlpatterns = [
    path("diary/", views.day, name="diary"),
    path("diary/sheet/", sheet.sheet, name="sheet"),
    path("diary/sheet/<str:name>/", sheet.kept_sheet, name="kept_sheet"),
    path("diary/<str:shown>/", views.day, name="diary_day"),
    path("book/", booking.book, name="book"),
    path("book/whom/", booking.book_whom, name="book_whom"),
    path("book/stranger/", booking.stranger, name="stranger"),
    path("visits/<uuid:appointment_id>/", views.visit, name="visit"),
    path("visits/<uuid:appointment_id>/as-patient/", views.as_patient, name="as_patient"),
    path("visits/<uuid:appointment_id>/arrival/", acts.arrive, name="visit_arrive"),
    path("visits/<uuid:appointment_id>/start/", acts.start, name="visit_start"),
    path("visits/<uuid:appointment_id>/end/", acts.finish, name="visit_finish"),
    path("visits/<uuid:appointment_id>/confirmation/", acts.confirm, name="visit_confirm"),
    path("visits/<uuid:appointment_id>/absence/", acts.miss, name="visit_miss"),
    path("visits/<uuid:appointment_id>/lateness/", acts.late, name="visit_late"),
    path("visits/<uuid:appointment_id>/cancellation/", acts.cancel, name="visit_cancel"),
    path("visits/<uuid:appointment_id>/reinstatement/", acts.reinstate, name="visit_reinstate"),
    path("visits/<uuid:appointment_id>/mistake/", acts.strike_out, name="visit_strike_out"),
    path("visits/<uuid:appointment_id>/move/", booking.move, name="move"),
    path("visits/<uuid:appointment_id>/move/undo/", booking.unmove, name="unmove"),
]
