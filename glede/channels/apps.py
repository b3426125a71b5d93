"""The channels that are built, told to the outbox."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Registers each channel's transport, and what the channels do when a person is erased, exported or verified."""

    name = "glede.channels"
    label = "channels"

    def ready(self) -> None:
        """Hand the outbox what it may not import."""
        from glede.channels import handlers
        from glede.channels.email import aftercare as returned
        from glede.channels.mailing import MailByAccount
        from glede.channels.mailing import look_up as ask_for_mails
        from glede.channels.rehearsal.adapter import RehearsalTransport
        from glede.channels.sms import aftercare, sweeping
        from glede.channels.texting import TextsByAccount
        from glede.outbox import transports

        transports.register("email", MailByAccount())
        transports.register_aftercare("email", returned.look_after)
        transports.register_look_up("email", ask_for_mails)
        transports.register("sms", TextsByAccount())
        transports.register_aftercare("sms", aftercare.look_after)
        transports.register_look_up("sms", sweeping.look_up)
        transports.register("rehearsal", RehearsalTransport())
        handlers.register()
