"""Addresses of campaigns."""

from django.urls import path

from glede.desk.campaigns import views

urlpatterns = [
    path("outbox/campaigns/", views.board, name="campaigns"),
    path("outbox/campaigns/new/", views.new, name="campaign_new"),
    path("outbox/campaigns/<uuid:campaign_id>/", views.campaign, name="campaign"),
    path("outbox/campaigns/<uuid:campaign_id>/begin/", views.begin, name="campaign_begin"),
    path("outbox/campaigns/<uuid:campaign_id>/stop/", views.stop, name="campaign_stop"),
]
