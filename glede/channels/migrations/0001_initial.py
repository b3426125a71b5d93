import django.db.models.deletion
from django.db import migrations, models

import glede.kernel.ids
from glede.practices.walls import Walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("practices", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="TextAccount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=glede.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("hook_key", models.CharField(max_length=40)),
                ("account_sid", models.CharField(max_length=34)),
                ("sealed_token", models.BinaryField()),
                ("service_sid", models.CharField(blank=True, max_length=34)),
                ("sender", models.CharField(blank=True, max_length=20)),
                ("added_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_for", models.CharField(blank=True, max_length=20)),
                ("swept_at", models.DateTimeField(null=True)),
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("practice",),
                        name="channels_one_text_account_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sender", ""), ("service_sid", ""), _negated=True),
                        name="channels_texts_have_a_sender",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_for", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_for", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="channels_texts_closed_for_a_reason",
                    ),
                ],
            },
        ),
        Walls("channels", only=("textaccount",)),
    ]
