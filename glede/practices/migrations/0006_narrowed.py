from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0005_booking_online"),
    ]

    operations = [
        migrations.AddField(
            model_name="practice",
            name="narrowed",
            field=models.JSONField(default=dict),
        ),
    ]
