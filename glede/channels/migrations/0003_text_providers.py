from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0002_mail"),
        ("practices", "0005_booking_online"),
    ]

    operations = [
        migrations.AddField(
            model_name="textaccount",
            name="description",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="textaccount",
            name="part_currency",
            field=models.CharField(blank=True, max_length=3),
        ),
        migrations.AddField(
            model_name="textaccount",
            name="part_price",
            field=models.DecimalField(decimal_places=5, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name="textaccount",
            name="provider",
            field=models.CharField(default="twilio", max_length=10),
        ),
        migrations.AlterField(
            model_name="textaccount",
            name="account_sid",
            field=models.CharField(blank=True, max_length=34),
        ),
        migrations.AddConstraint(
            model_name="textaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("description", {}), ("provider", "twilio"), models.Q(("account_sid", ""), _negated=True)),
                    models.Q(
                        ("account_sid", ""),
                        ("provider", "http"),
                        ("service_sid", ""),
                        models.Q(("description", {}), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="channels_texts_by_one_provider",
            ),
        ),
        migrations.AddConstraint(
            model_name="textaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("part_currency", ""), ("part_price", None)),
                    models.Q(("part_price__gte", 0), models.Q(("part_currency", ""), _negated=True)),
                    _connector="OR",
                ),
                name="channels_texts_price_has_currency",
            ),
        ),
    ]
