"""Addresses of people."""

from django.urls import path

from glede.desk.people import acts, needs, noting, twice, views

urlpatterns = [
    path("people/", views.everyone, name="people"),
    path("people/twice/", twice.twice, name="twice"),
    path("people/twice/answer/", twice.answer, name="twice_answer"),
    path("people/twice/compare/", twice.compare_now, name="twice_compare"),
    path("people/twice/<uuid:patient_id>/part/", twice.part, name="twice_part"),
    path("people/twice/<uuid:one_id>/<uuid:other_id>/reconsider/", twice.reconsider, name="twice_reconsider"),
    path("find/", views.find, name="find"),
    path("people/<uuid:patient_id>/", views.person, name="person"),
    path("people/<uuid:patient_id>/message/", acts.write, name="write"),
    path("people/<uuid:patient_id>/note/", acts.note, name="note"),
    path("people/<uuid:patient_id>/note/day/", noting.note_day, name="note_day"),
    path("promises/<uuid:promise_id>/undated/", acts.note_undated, name="note_undated"),
    path("people/<uuid:patient_id>/details/", acts.details, name="details"),
    path("people/<uuid:patient_id>/channel/", acts.channel, name="channel"),
    path("people/<uuid:patient_id>/need/", acts.need, name="need"),
    path("people/<uuid:patient_id>/needs/<uuid:need_id>/end/", acts.end_need, name="end_need"),
    path("people/<uuid:patient_id>/formats/", needs.note_format, name="note_format"),
    path("people/<uuid:patient_id>/formats/reviewed/", needs.review_formats, name="review_formats"),
    path("people/<uuid:patient_id>/consent/", needs.grant, name="grant"),
    path("people/<uuid:patient_id>/contact/", acts.contact, name="contact"),
    path("people/<uuid:patient_id>/contacts/<uuid:contact_id>/end/", acts.end_contact, name="end_contact"),
    path("people/<uuid:patient_id>/wishes/", acts.wishes, name="wishes"),
    path("people/<uuid:patient_id>/refusal/", acts.refuse, name="refuse"),
]
