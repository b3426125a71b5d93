"""Addresses of the channels."""

from django.urls import path

from glede.desk.channels import email, mailbox, mails, trying, views

urlpatterns = [
    path("settings/texts/", views.texts, name="texts"),
    path("settings/texts/try/", trying.text, name="try_text"),
    path("settings/texts/open/", views.open_texts, name="open_texts"),
    path("settings/email/", email.show, name="email"),
    path("settings/email/try/", trying.email, name="try_email"),
    path("settings/email/domain/", email.look_now, name="email_domain"),
    path("settings/email/end/", email.end, name="end_email"),
    path("settings/mail/", mailbox.show, name="mailbox"),
    path("settings/mail/on/", mailbox.switch_on, name="mailbox_on"),
    path("settings/mail/off/", mailbox.switch_off, name="mailbox_off"),
    path("settings/mail/address/", mailbox.open_address, name="mail_address"),
    path("settings/mail/address/close/", mailbox.close_address, name="mail_address_close"),
    path("mail/", mails.board, name="mails"),
    path("mail/<uuid:mail_id>/", mails.mail, name="mail"),
    path("mail/<uuid:mail_id>/open/", mails.open_mail, name="mail_open"),
    path("mail/<uuid:mail_id>/person/", mails.place, name="mail_place"),
    path("mail/<uuid:mail_id>/close/", mails.close, name="mail_close"),
    path("settings/texts/end/", views.end_texts, name="end_texts"),
]
