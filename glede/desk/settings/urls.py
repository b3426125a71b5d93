"""Addresses of the settings."""

from django.urls import path

from glede.desk.settings import calendars, facilities, history, hours, people, safety, services, views, wording

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/about/", views.about, name="settings_about"),
    path("settings/promises/", views.promises, name="settings_promises"),
    path("settings/hours/", hours.hours, name="settings_hours"),
    path("settings/hours/week/", hours.week, name="settings_week"),
    path("settings/hours/dates/", hours.exception, name="settings_exception"),
    path("settings/hours/dates/<uuid:exception_id>/end/", hours.end_exception, name="settings_exception_end"),
    path("settings/hours/holidays/", hours.holidays, name="settings_holidays"),
    path("settings/services/", services.offered, name="settings_services"),
    path("settings/services/new/", services.add, name="settings_service_new"),
    path("settings/services/<uuid:service_id>/", services.service, name="settings_service"),
    path("settings/services/<uuid:service_id>/end/", services.end, name="settings_service_end"),
    path("settings/services/<uuid:service_id>/back/", services.bring_back, name="settings_service_back"),
    path("settings/facilities/", facilities.facilities, name="settings_facilities"),
    path("settings/facilities/<uuid:facility_id>/end/", facilities.end, name="settings_facility_end"),
    path("settings/facilities/<uuid:facility_id>/back/", facilities.bring_back, name="settings_facility_back"),
    path("settings/people/", people.people, name="settings_people"),
    path("settings/people/new/", people.add, name="settings_person_new"),
    path("settings/people/<uuid:practitioner_id>/", people.person, name="settings_person"),
    path("settings/people/<uuid:practitioner_id>/end/", people.end, name="settings_person_end"),
    path("settings/people/<uuid:practitioner_id>/back/", people.bring_back, name="settings_person_back"),
    path("settings/calendars/", calendars.every, name="settings_calendars"),
    path("settings/calendars/<uuid:calendar_id>/", calendars.one, name="settings_calendar"),
    path("settings/calendars/<uuid:calendar_id>/answer/", calendars.answer, name="settings_calendar_answer"),
    path("settings/calendars/<uuid:calendar_id>/file/", calendars.another_file, name="settings_calendar_file"),
    path("settings/calendars/<uuid:calendar_id>/look/", calendars.look, name="settings_calendar_look"),
    path("settings/calendars/<uuid:calendar_id>/stop/", calendars.stop, name="settings_calendar_stop"),
    path("settings/wording/", wording.wording, name="settings_wording"),
    path("settings/wording/<str:place>/", wording.words, name="settings_words"),
    path("settings/history/", history.history, name="settings_history"),
    path("settings/history/<uuid:change_id>/undo/", history.undo_change, name="settings_undo"),
    path("settings/restored/", safety.restored, name="restored"),
]
