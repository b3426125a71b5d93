import django.db.models.deletion
from django.db import migrations, models

import glede.kernel.ids
import glede.practices.fields
from glede.practices.walls import Walls


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0001_initial"),
        ("people", "0001_initial"),
        ("practices", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="StrayMessage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=glede.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("link", "their link"),
                            ("email", "e-mail"),
                            ("sms", "text message"),
                            ("call", "phone"),
                        ],
                        max_length=10,
                    ),
                ),
                ("address", models.CharField(max_length=254)),
                ("words", models.TextField()),
                ("provider_id", models.CharField(max_length=200)),
                ("received_at", models.DateTimeField()),
                ("tier", models.PositiveSmallIntegerField()),
                ("must_read_now", models.BooleanField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.UUIDField(null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "message",
                    glede.practices.fields.Inside(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inbox.inboundmessage",
                    ),
                ),
                (
                    "patient",
                    glede.practices.fields.Inside(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.patient",
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
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["practice", "received_at"],
                        name="inbox_stray_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "channel", "provider_id"), name="inbox_stray_came_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None), ("message", None)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="inbox_stray_closed_by_somebody",
                    ),
                ],
            },
        ),
        Walls("inbox", only=("straymessage",)),
    ]
