"""What a practice's channels need to know: accounts, their secrets sealed; and mails as they came."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from glede.channels.mailbox.values import Form, Kept
from glede.practices.models import Inside, PracticeRow


class TextAccount(PracticeRow):
    """A practice's account for text messages. A changed one is a new row; the old one is ended.

    ``hook_key`` is the part of our address that the provider calls; the same for every account of a practice, so
    that reports on what left by an older one still find their way. ``description`` says how a provider other than
    Twilio is asked (docs/channels.md); its secrets lie sealed in ``sealed_token``, as JSON. ``part_price`` is what one
    part of a text costs, in units of ``part_currency`` (ISO 4217); None where nobody said.
    """

    provider = models.CharField(max_length=10, default="twilio")
    hook_key = models.CharField(max_length=40)
    account_sid = models.CharField(max_length=34, blank=True)
    sealed_token = models.BinaryField()
    description = models.JSONField(default=dict)
    part_price = models.DecimalField(max_digits=9, decimal_places=5, null=True)
    part_currency = models.CharField(max_length=3, blank=True)
    service_sid = models.CharField(max_length=34, blank=True)
    sender = models.CharField(max_length=20, blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # Closed by the channel itself, because the phone companies block what it sends; a colleague opens it again.
    closed_at = models.DateTimeField(null=True)
    closed_for = models.CharField(max_length=20, blank=True)
    swept_at = models.DateTimeField(null=True)
    # Calls to our address whose signature was wrong: forged, or the token or the public address is not what we think.
    forged = models.PositiveIntegerField(default=0)
    forged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice"], condition=Q(ended_at=None), name="channels_one_text_account_in_force"
            ),
            models.CheckConstraint(condition=~Q(sender="", service_sid=""), name="channels_texts_have_a_sender"),
            models.CheckConstraint(
                condition=Q(provider="twilio", description={}) & ~Q(account_sid="")
                | Q(provider="http", account_sid="", service_sid="") & ~Q(description={}),
                name="channels_texts_by_one_provider",
            ),
            models.CheckConstraint(
                condition=Q(part_price=None, part_currency="") | Q(part_price__gte=0) & ~Q(part_currency=""),
                name="channels_texts_price_has_currency",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_for="") | (Q(closed_at__isnull=False) & ~Q(closed_for="")),
                name="channels_texts_closed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"texts from {self.service_sid or self.sender}"


class MailAccount(PracticeRow):
    """A practice's account with a provider of e-mail. A changed one is a new row; the old one is ended.

    ``sender`` is the address that mail comes from, at ``domain``, whose DNS holds the provider's key: under
    ``dkim_selector``, with the words of ``dkim_record`` where somebody copied them here, blank where not.
    ``found`` is what it said when somebody last looked; ``suppressed_at`` when its suppression lists were last read.
    """

    provider = models.CharField(max_length=10)
    region = models.CharField(max_length=2, blank=True)
    hook_key = models.CharField(max_length=40)
    sealed_secrets = models.BinaryField()
    sender = models.CharField(max_length=254)
    domain = models.CharField(max_length=253)
    dkim_selector = models.CharField(max_length=63, blank=True)
    dkim_record = models.CharField(max_length=1000, blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)
    suppressed_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    found = models.JSONField(default=dict)
    # Calls to our address that proved nothing.
    forged = models.PositiveIntegerField(default=0)
    forged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice"], condition=Q(ended_at=None), name="channels_one_mail_account_in_force"
            ),
            models.CheckConstraint(
                condition=Q(provider="postmark", region="") | Q(provider="mailgun", region__in=["eu", "us"]),
                name="channels_mail_by_one_provider",
            ),
        ]

    def __str__(self) -> str:
        return f"mail from {self.domain}"


class MailCall(PracticeRow):
    """What a provider of e-mail called to tell, kept before it was answered. Its words are blanked once it is read.

    ``called`` makes it the same call. ``message_id`` is the message it was about, ``reason`` why it was set aside.
    """

    account = Inside("channels.MailAccount", related_name="calls")
    called = models.CharField(max_length=64)
    sealed = models.BinaryField(null=True)
    came_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="stored")
    sort = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    message_id = models.UUIDField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "called"], name="channels_mail_call_came_once"),
            models.CheckConstraint(
                condition=Q(state="stored", read_at=None, sealed__isnull=False)
                | Q(state__in=["taken", "refused"], read_at__isnull=False, sealed=None),
                name="channels_mail_call_is_read_and_blank",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="channels_mail_call_says_why_not"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "id"], name="channels_mail_call_waits", condition=Q(state="stored"))
        ]

    def __str__(self) -> str:
        return f"call {self.id}"


class OwnAddress(PracticeRow):
    """A colleague's own address on a channel, and whether they typed the code that was sent to it.

    A try of a channel goes to no other. ``code`` is a keyed hash; it holds half an hour and five tries.
    """

    membership_id = models.UUIDField()
    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=254)
    code = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    proved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "membership_id", "channel"], name="channels_one_own_address_a_channel"
            )
        ]

    def __str__(self) -> str:
        return f"own {self.channel} of {self.membership_id}"


class Mailbox(PracticeRow):
    """Where a practice's mail comes in: a mailbox that is read over IMAP, or an address of ours that a provider calls.

    Off until a colleague switches it on. ``uid`` and ``uidvalidity`` say how far it was read; nothing in it is changed.
    """

    way = models.CharField(max_length=4)
    host = models.CharField(max_length=200, blank=True)
    port = models.PositiveIntegerField(default=0)
    tls = models.CharField(max_length=8, blank=True)
    user = models.CharField(max_length=254, blank=True)
    folder = models.CharField(max_length=100, blank=True)
    # The password of an IMAP account; for an address of ours the secret that calls are signed with.
    sealed_secret = models.BinaryField()
    hook_key = models.CharField(max_length=40, blank=True)
    added_at = models.DateTimeField()
    on_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    uidvalidity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(default=0)
    # The first uid that is ours to read; what lay there before it was switched on is not.
    began_uid = models.BigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failure = models.CharField(max_length=20, blank=True)
    failures = models.PositiveIntegerField(default=0)
    # A mail at which the connection broke, and how often in a row: at the third time it is passed by.
    stuck_uid = models.BigIntegerField(null=True)
    stuck_times = models.PositiveSmallIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)
    missing = models.PositiveIntegerField(default=0)
    forged = models.PositiveIntegerField(default=0)
    forged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "way"], condition=Q(ended_at=None), name="channels_one_mailbox_a_way"
            ),
            models.CheckConstraint(
                condition=Q(way="imap", hook_key="") & ~Q(host="") & ~Q(user="")
                | Q(way="hook", host="") & ~Q(hook_key=""),
                name="channels_mailbox_is_one_or_the_other",
            ),
            models.CheckConstraint(
                condition=Q(failing_since=None, failure="", failures=0)
                | Q(failing_since__isnull=False, failures__gte=1) & ~Q(failure=""),
                name="channels_mailbox_fails_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"mail of {self.user or self.hook_key[:4]}"


class RawMail(PracticeRow):
    """A mail as it came, kept before anybody reads it, and what became of it. It is never deleted, only blanked.

    ``came_by`` makes it the same mail: the uid in its mailbox, or the bytes a provider brought. ``sort`` is what it
    turned out to be, ``reason`` why it is held or was refused. ``urgency`` is the tier its words were raised to.
    """

    mailbox = Inside("channels.Mailbox", related_name="mails")
    came_by = models.CharField(max_length=160)
    form = models.CharField(max_length=10, default=Form.MIME.value)
    uidvalidity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    sealed = models.BinaryField(null=True)
    size = models.BigIntegerField()
    # Too big to be kept whole: its header alone stands here.
    is_cut = models.BooleanField(default=False)
    came_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=Kept.STORED.value)
    sort = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=30, blank=True)
    read_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    urgency = models.PositiveSmallIntegerField(default=5)
    patient_id = models.UUIDField(null=True)
    message_id = models.UUIDField(null=True)
    stray_id = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "came_by"], name="channels_mail_came_once"),
            models.CheckConstraint(
                condition=Q(state__in=[kept.value for kept in Kept]), name="channels_mail_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[Kept.HELD.value, Kept.REFUSED.value]) | ~Q(reason=""),
                name="channels_mail_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(state=Kept.STORED.value, read_at=None)
                | ~Q(state=Kept.STORED.value) & Q(read_at__isnull=False),
                name="channels_mail_read_has_time",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="channels_mail_settled_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "id"], name="channels_mail_waits", condition=Q(state="stored")),
            models.Index(fields=["practice", "id"], name="channels_mail_held", condition=Q(state="held")),
            models.Index(fields=["practice", "address", "came_at"], name="channels_mail_of_sender"),
            models.Index(fields=["practice", "mailbox", "uidvalidity", "uid"], name="channels_mail_by_uid"),
            models.Index(fields=["practice", "patient_id"], name="channels_mail_of_patient"),
        ]

    def __str__(self) -> str:
        return f"mail {self.id}"
