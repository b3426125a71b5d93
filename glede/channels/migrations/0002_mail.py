import django.db.models.deletion
from django.db import migrations, models

import glede.kernel.ids
import glede.practices.fields
from glede.practices.walls import Walls


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_initial"),
        ("practices", "0004_exceptions_and_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=glede.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("way", models.CharField(max_length=4)),
                ("host", models.CharField(blank=True, max_length=200)),
                ("port", models.PositiveIntegerField(default=0)),
                ("tls", models.CharField(blank=True, max_length=8)),
                ("user", models.CharField(blank=True, max_length=254)),
                ("folder", models.CharField(blank=True, max_length=100)),
                ("sealed_secret", models.BinaryField()),
                ("hook_key", models.CharField(blank=True, max_length=40)),
                ("added_at", models.DateTimeField()),
                ("on_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("uidvalidity", models.BigIntegerField(null=True)),
                ("uid", models.BigIntegerField(default=0)),
                ("began_uid", models.BigIntegerField(default=0)),
                ("leased_until", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("failing_since", models.DateTimeField(null=True)),
                ("failure", models.CharField(blank=True, max_length=20)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("stuck_uid", models.BigIntegerField(null=True)),
                ("stuck_times", models.PositiveSmallIntegerField(default=0)),
                ("counted_at", models.DateTimeField(null=True)),
                ("missing", models.PositiveIntegerField(default=0)),
                ("forged", models.PositiveIntegerField(default=0)),
                ("forged_at", models.DateTimeField(null=True)),
                (
                    "practice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practices.practice",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RawMail",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=glede.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("came_by", models.CharField(max_length=160)),
                ("form", models.CharField(default="mime", max_length=10)),
                ("uidvalidity", models.BigIntegerField(null=True)),
                ("uid", models.BigIntegerField(null=True)),
                ("sha256", models.CharField(max_length=64)),
                ("sealed", models.BinaryField(null=True)),
                ("size", models.BigIntegerField()),
                ("is_cut", models.BooleanField(default=False)),
                ("came_at", models.DateTimeField()),
                ("stored_at", models.DateTimeField()),
                ("state", models.CharField(default="stored", max_length=12)),
                ("sort", models.CharField(blank=True, max_length=12)),
                ("reason", models.CharField(blank=True, max_length=30)),
                ("read_at", models.DateTimeField(null=True)),
                ("address", models.CharField(blank=True, max_length=254)),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("urgency", models.PositiveSmallIntegerField(default=5)),
                ("patient_id", models.UUIDField(null=True)),
                ("message_id", models.UUIDField(null=True)),
                ("stray_id", models.UUIDField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.UUIDField(null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "mailbox",
                    glede.practices.fields.Inside(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="channels.mailbox",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practices.practice",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="mailbox",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("practice", "way"), name="channels_one_mailbox_a_way"
            ),
        ),
        migrations.AddConstraint(
            model_name="mailbox",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("hook_key", ""),
                        ("way", "imap"),
                        models.Q(("host", ""), _negated=True),
                        models.Q(("user", ""), _negated=True),
                    ),
                    models.Q(("host", ""), ("way", "hook"), models.Q(("hook_key", ""), _negated=True)),
                    _connector="OR",
                ),
                name="channels_mailbox_is_one_or_the_other",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailbox",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("failing_since", None), ("failure", ""), ("failures", 0)),
                    models.Q(
                        ("failing_since__isnull", False), ("failures__gte", 1), models.Q(("failure", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="channels_mailbox_fails_for_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="rawmail",
            index=models.Index(
                condition=models.Q(("state", "stored")), fields=["practice", "id"], name="channels_mail_waits"
            ),
        ),
        migrations.AddIndex(
            model_name="rawmail",
            index=models.Index(
                condition=models.Q(("state", "held")), fields=["practice", "id"], name="channels_mail_held"
            ),
        ),
        migrations.AddIndex(
            model_name="rawmail",
            index=models.Index(fields=["practice", "address", "came_at"], name="channels_mail_of_sender"),
        ),
        migrations.AddIndex(
            model_name="rawmail",
            index=models.Index(fields=["practice", "mailbox", "uidvalidity", "uid"], name="channels_mail_by_uid"),
        ),
        migrations.AddIndex(
            model_name="rawmail",
            index=models.Index(fields=["practice", "patient_id"], name="channels_mail_of_patient"),
        ),
        migrations.AddConstraint(
            model_name="rawmail",
            constraint=models.UniqueConstraint(fields=("practice", "came_by"), name="channels_mail_came_once"),
        ),
        migrations.AddConstraint(
            model_name="rawmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["stored", "read", "held", "refused"])),
                name="channels_mail_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="rawmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["held", "refused"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="channels_mail_says_why_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="rawmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("read_at", None), ("state", "stored")),
                    models.Q(models.Q(("state", "stored"), _negated=True), ("read_at__isnull", False)),
                    _connector="OR",
                ),
                name="channels_mail_read_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="rawmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("settled_by", None)),
                    models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                    _connector="OR",
                ),
                name="channels_mail_settled_by_somebody",
            ),
        ),
        Walls("channels", only=("mailbox", "rawmail")),
    ]
