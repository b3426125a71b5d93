"""A visit whose journey was stopped."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("journeys", "0002_own_words")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="enrolment",
            name="is_stopped",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
