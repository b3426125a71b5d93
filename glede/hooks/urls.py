"""Addresses for machines."""

from django.urls import path

from glede.hooks import described, emails, feeds, mails, texts, views

app_name = "hooks"

urlpatterns = [
    path("days/<slug:secret>.ics", feeds.own_day, name="own_day"),
    path("health/", views.health, name="health"),
    path("here/<slug:token>/", views.here, name="here"),
    path("email/<str:key>/", emails.told, name="email_told"),
    path("mail/<str:key>/", mails.incoming, name="mail_incoming"),
    path("sms/<str:key>/http/", described.incoming, name="described_incoming"),
    path("sms/<str:key>/http/status/", described.status, name="described_statuses"),
    path("sms/<str:key>/http/status/<uuid:message_id>/", described.status, name="described_status"),
    path("sms/<str:key>/", texts.incoming, name="text_incoming"),
    path("sms/<str:key>/status/<uuid:message_id>/", texts.status, name="text_status"),
]
