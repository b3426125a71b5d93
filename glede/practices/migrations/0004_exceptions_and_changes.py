import django.db.models.deletion
from django.db import migrations, models

import glede.kernel.ids
import glede.practices.fields
from glede.practices.walls import Walls

# Rows behind the wall are nobody's to update here; a change of the column's type reaches them all.
LAST_IS_FIRST = (
    "alter table practices_hoursexception alter column last_on type date using coalesce(last_on, first_on),"
    " alter column last_on set not null"
)


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0003_ticks_and_steps"),
    ]

    operations = [
        migrations.RenameModel(old_name="ClosedDay", new_name="HoursException"),
        migrations.RemoveIndex(model_name="hoursexception", name="closed_by_day"),
        migrations.RenameField(model_name="hoursexception", old_name="day", new_name="first_on"),
        migrations.AddIndex(
            model_name="hoursexception",
            index=models.Index(fields=["practice", "first_on"], name="exceptions_by_day"),
        ),
        migrations.AddField(model_name="hoursexception", name="last_on", field=models.DateField(null=True)),
        migrations.RunSQL(
            LAST_IS_FIRST,
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(model_name="hoursexception", name="last_on", field=models.DateField())
            ],
        ),
        migrations.AddField(model_name="hoursexception", name="spans", field=models.JSONField(default=list)),
        migrations.AddField(model_name="hoursexception", name="name", field=models.JSONField(default=dict)),
        migrations.AddField(model_name="hoursexception", name="number", field=models.PositiveIntegerField(default=0)),
        migrations.AddConstraint(
            model_name="hoursexception",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_on__lte", models.F("last_on"))), name="exception_dates_in_order"
            ),
        ),
        migrations.CreateModel(
            name="SettingChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=glede.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_kind", models.CharField(max_length=20)),
                ("subject_id", models.UUIDField()),
                ("number", models.PositiveIntegerField()),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("at", models.DateTimeField()),
                ("actor_role", models.CharField(max_length=10)),
                ("actor_id", models.UUIDField(null=True)),
                (
                    "practice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practices.practice",
                    ),
                ),
                (
                    "undoes",
                    glede.practices.fields.Inside(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="practices.settingchange",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "subject_kind", "subject_id", "number"), name="setting_changes_in_order"
                    )
                ],
            },
        ),
        Walls("practices", append_only=("settingchange",), only=("settingchange",)),
    ]
