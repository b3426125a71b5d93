from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0005_reopenings"),
        ("practices", "0006_narrowed"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="closure",
            name="inbox_closure_has_a_reason",
        ),
        migrations.AlterField(
            model_name="closure",
            name="closed_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AlterField(
            model_name="closure",
            name="reason",
            field=models.CharField(
                choices=[
                    ("rang", "answered by phone"),
                    ("in_person", "answered here, in person"),
                    ("thanks_only", "they said thanks and asked nothing"),
                    ("not_for_us", "not meant for us"),
                    ("understood", "a plain answer to a reminder, and done"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__in", ["rang", "in_person", "thanks_only", "not_for_us", "understood"])),
                name="inbox_closure_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_by", None), ("reason", "understood")),
                    models.Q(models.Q(("reason", "understood"), _negated=True), ("closed_by__isnull", False)),
                    _connector="OR",
                ),
                name="inbox_closure_by_a_name",
            ),
        ),
    ]
