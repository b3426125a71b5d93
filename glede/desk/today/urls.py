"""Addresses of Today."""

from django.urls import path

from glede.desk.today import acts, closing, keeping, offering, strays, views

urlpatterns = [
    path("", views.today, name="today"),
    path("today/behind/", views.behind, name="promises"),
    path("promises/<uuid:promise_id>/outcome/", acts.call_outcome, name="call_outcome"),
    path("promises/<uuid:promise_id>/owner/", keeping.hand, name="hand_promise"),
    path("promises/<uuid:promise_id>/keeper/", closing.hand, name="hand_answer"),
    path("away/", keeping.away, name="away"),
    path("back/", keeping.back, name="back"),
    path("closing/", closing.close, name="close_desk"),
    path("strays/<uuid:stray_id>/person/", strays.place, name="place_stray"),
    path("strays/<uuid:stray_id>/close/", strays.close, name="close_stray"),
    path("strays/<uuid:stray_id>/urgency/", keeping.lower_stray, name="lower_stray"),
    path("conversations/<uuid:conversation_id>/reply/", acts.reply, name="reply"),
    path("conversations/<uuid:conversation_id>/draft/", acts.draft, name="draft"),
    path("conversations/<uuid:conversation_id>/times/", offering.offer, name="offer"),
    path("conversations/<uuid:conversation_id>/urgency/", keeping.lower, name="lower_urgency"),
    path("conversations/<uuid:conversation_id>/no-reply/", acts.no_reply, name="no_reply"),
    path("closings/<uuid:closure_id>/reopening/", acts.reopen, name="reopen"),
]
