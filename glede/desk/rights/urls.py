"""Addresses of people's rights."""

from django.urls import path

from glede.desk.rights import answering, forgetting, looking

urlpatterns = [
    path("people/<uuid:patient_id>/copy/", forgetting.copy, name="copy"),
    path("people/<uuid:patient_id>/forget/", forgetting.forget, name="forget"),
    path("people/<uuid:patient_id>/forgotten/", forgetting.forgotten, name="forgotten"),
    path("rights/<uuid:request_id>/", answering.right, name="right"),
    path("rights/<uuid:request_id>/answer/", answering.answer, name="right_answer"),
    path("looks/", looking.looks, name="all_looks"),
]
