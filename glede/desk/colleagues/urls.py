"""Addresses of the colleagues' pages."""

from django.urls import path

from glede.desk.colleagues import joining, looks, own_day, thanking, views

urlpatterns = [
    path("colleagues/", views.colleagues, name="colleagues"),
    path("colleagues/invitations/", views.invite, name="invite"),
    path("colleagues/invitations/<uuid:invitation_id>/", views.withdraw, name="withdraw_invitation"),
    path("colleagues/<uuid:membership_id>/role/", views.role, name="colleague_role"),
    path("colleagues/<uuid:membership_id>/leaving/", views.leaving, name="colleague_leaving"),
    path("thanks/", thanking.thanks, name="thanks"),
    path("thanks/seen/", thanking.seen, name="thanks_seen"),
    path("thanks/<uuid:thanks_id>/withdraw/", thanking.withdraw, name="thanks_withdraw"),
    path("people/<uuid:patient_id>/looks/", looks.looks, name="looks"),
    path("me/calendar/", own_day.own_day, name="own_day"),
    path("me/calendar/address/", own_day.address, name="own_day_address"),
    path("me/calendar/close/", own_day.close, name="own_day_close"),
    path("join/", joining.join, name="join"),
    path("join/<str:code>/", joining.join, name="join_code"),
]
