"""Addresses of the diary."""

from django.urls import path

from glede.desk.diary import acts, again, booking, day, free, month, moving, sheet, views, week

urlpatterns = [
    path("diary/", day.day, name="diary"),
    path("diary/sheet/", sheet.sheet, name="sheet"),
    path("diary/sheet/<str:name>/", sheet.kept_sheet, name="kept_sheet"),
    path("diary/free/", free.first_free, name="first_free"),
    path("diary/week/", week.week, name="diary_this_week"),
    path("diary/week/<str:shown>/", week.week, name="diary_week"),
    path("diary/month/", month.month, name="diary_this_month"),
    path("diary/month/<str:shown>/", month.month, name="diary_month"),
    path("diary/<str:shown>/", day.day, name="diary_day"),
    path("book/", booking.book, name="book"),
    path("book/whom/", booking.book_whom, name="book_whom"),
    path("book/stranger/", booking.stranger, name="stranger"),
    path("visits/<uuid:appointment_id>/", views.visit, name="visit"),
    path("visits/<uuid:appointment_id>/as-patient/", views.as_patient, name="as_patient"),
    path("visits/<uuid:appointment_id>/arrival/", acts.arrive, name="visit_arrive"),
    path("visits/<uuid:appointment_id>/start/", acts.start, name="visit_start"),
    path("visits/<uuid:appointment_id>/not-yet/", acts.not_yet, name="visit_not_yet"),
    path("visits/<uuid:appointment_id>/end/", acts.finish, name="visit_finish"),
    path("visits/<uuid:appointment_id>/confirmation/", acts.confirm, name="visit_confirm"),
    path("visits/<uuid:appointment_id>/absence/", acts.miss, name="visit_miss"),
    path("visits/<uuid:appointment_id>/lateness/", acts.late, name="visit_late"),
    path("visits/<uuid:appointment_id>/cancellation/", acts.cancel, name="visit_cancel"),
    path("visits/<uuid:appointment_id>/reinstatement/", acts.reinstate, name="visit_reinstate"),
    path("visits/<uuid:appointment_id>/mistake/", acts.strike_out, name="visit_strike_out"),
    path("visits/<uuid:appointment_id>/move/", moving.move, name="move"),
    path("visits/<uuid:appointment_id>/move/undo/", moving.unmove, name="unmove"),
    path("visits/<uuid:appointment_id>/swap/", moving.swap, name="swap"),
    path("visits/<uuid:appointment_id>/series/", again.new, name="series_new"),
    path("series/<uuid:series_id>/", again.shown, name="series"),
    path("series/<uuid:series_id>/booking/", again.go_on, name="series_book"),
    path("series/<uuid:series_id>/end/", again.end, name="series_end"),
]
