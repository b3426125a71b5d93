"""Let the people who are kept already be found by what stands inside a word of their names."""

from itertools import islice
from typing import Any

from django.db import migrations

from glede.kernel.ids import new_id
from glede.kernel.text import name_tokens
from glede.people.rules.finding import ends_of

PORTION = 5000


def add_ends(apps: Any, schema_editor: Any) -> None:
    """Write the ends of the words of every name, a practice at a time: the walls between practices hold here too."""
    patient, token = apps.get_model("people", "Patient"), apps.get_model("people", "SearchToken")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("select id from outside_practice")
        practices = [row[0] for row in cursor.fetchall()]
    for practice_id in practices:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("select set_config('glede.practices', %s, true)", [str(practice_id)])
        people = patient._base_manager.filter(practice_id=practice_id, erased_at=None)
        names = people.values_list("pk", "given_name", "family_name").iterator(PORTION)
        rows = (
            token(id=new_id(), practice_id=practice_id, patient_id=pk, token=end)
            for pk, *own in names
            for end in ends_of(word for name in own for word in name_tokens(name))
        )
        while some := list(islice(rows, PORTION)):
            token._base_manager.bulk_create(some, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("people", "0008_found_by_sound")]

    operations = [migrations.RunPython(add_ends, migrations.RunPython.noop)]
