"""Addresses of patient pages. The code is the visit's link; nothing in an address names anybody."""

from django.urls import include, path

from glede.portal.catalogue import views as catalogue
from glede.portal.diary import again, calendars, moving
from glede.portal.diary import views as diary
from glede.portal.feedback import views as feedback
from glede.portal.inbox import views as inbox
from glede.portal.ledger import views as ledger
from glede.portal.outbox import views as outbox
from glede.portal.people import asking
from glede.portal.people import views as people
from glede.portal.rights import views as rights

app_name = "portal"

visit = [
    path("", diary.visit, name="visit"),
    path("confirmation/", diary.confirmation, name="confirmation"),
    path("arrival/", diary.arrival, name="arrival"),
    path("lateness/", diary.lateness, name="lateness"),
    path("move/", moving.move, name="move"),
    path("again/", again.again, name="again"),
    path("cancellation/", diary.cancellation, name="cancellation"),
    path("call-back/", diary.call_back, name="call_back"),
    path("visit.ics", calendars.calendar, name="calendar"),
    path("history/", ledger.history, name="history"),
    path("history/receipt.json", ledger.receipt, name="receipt"),
    path("messages/", inbox.talk, name="talk"),
    path("preferences/", people.preferences, name="preferences"),
    path("preferences/quiet/", people.quiet, name="quiet"),
    path("preferences/news/", people.news, name="news"),
    path("preferences/wrong-number/", people.wrong_number, name="wrong_number"),
    path("before/", asking.before_your_visit, name="before"),
    path("before/question/", asking.question, name="before_question"),
    path("before/thanks/", asking.thanks, name="before_thanks"),
    path("held/", people.held, name="held"),
    path("rights/", rights.rights, name="rights"),
    path("rights/ask/", rights.ask, name="rights_ask"),
    path("rights/correction/", rights.correction, name="correction"),
    path("feedback/", feedback.feedback, name="feedback"),
    path("prices/", catalogue.prices, name="prices"),
    path("bring/", catalogue.bring, name="bring"),
    path("place/", catalogue.place, name="place"),
]

urlpatterns = [
    path("t/<slug:token>/follow.ics", calendars.followed, name="followed"),
    path("t/<str:code>/", include(visit)),
    path("u/<str:token>/", outbox.unsubscribe, name="unsubscribe"),
]
