import django.db.models.deletion
from django.db import migrations, models

import glede.kernel.ids
import glede.practices.fields
from glede.practices.walls import Walls


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0003_text_providers"),
        ("practices", "0006_narrowed"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailAccount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=glede.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("provider", models.CharField(max_length=10)),
                ("region", models.CharField(blank=True, max_length=2)),
                ("hook_key", models.CharField(max_length=40)),
                ("sealed_secrets", models.BinaryField()),
                ("sender", models.CharField(max_length=254)),
                ("domain", models.CharField(max_length=253)),
                ("added_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("swept_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("found", models.JSONField(default=dict)),
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
            name="MailCall",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=glede.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("called", models.CharField(max_length=64)),
                ("sealed", models.BinaryField(null=True)),
                ("came_at", models.DateTimeField()),
                ("state", models.CharField(default="stored", max_length=8)),
                ("sort", models.CharField(blank=True, max_length=20)),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("message_id", models.UUIDField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "account",
                    glede.practices.fields.Inside(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="channels.mailaccount",
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
        migrations.CreateModel(
            name="OwnAddress",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=glede.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("membership_id", models.UUIDField()),
                ("channel", models.CharField(max_length=10)),
                ("address", models.CharField(max_length=254)),
                ("code", models.CharField(max_length=64)),
                ("sent_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("proved_at", models.DateTimeField(null=True)),
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
            model_name="mailaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("practice",), name="channels_one_mail_account_in_force"
            ),
        ),
        migrations.AddConstraint(
            model_name="mailaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("provider", "postmark"), ("region", "")),
                    models.Q(("provider", "mailgun"), ("region__in", ["eu", "us"])),
                    _connector="OR",
                ),
                name="channels_mail_by_one_provider",
            ),
        ),
        migrations.AddIndex(
            model_name="mailcall",
            index=models.Index(
                condition=models.Q(("state", "stored")), fields=["practice", "id"], name="channels_mail_call_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="mailcall",
            constraint=models.UniqueConstraint(fields=("practice", "called"), name="channels_mail_call_came_once"),
        ),
        migrations.AddConstraint(
            model_name="mailcall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("read_at", None), ("sealed__isnull", False), ("state", "stored")),
                    models.Q(("read_at__isnull", False), ("sealed", None), ("state__in", ["taken", "refused"])),
                    _connector="OR",
                ),
                name="channels_mail_call_is_read_and_blank",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailcall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="channels_mail_call_says_why_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="ownaddress",
            constraint=models.UniqueConstraint(
                fields=("practice", "membership_id", "channel"), name="channels_one_own_address_a_channel"
            ),
        ),
        Walls("channels", only=("mailaccount", "mailcall", "ownaddress")),
    ]
