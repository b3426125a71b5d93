"""What fell to colleagues, printed as JSON: ``python -m tests.main_job.promised``."""

import json
import os

from glede.config import embedded


def promised() -> list[list[str]]:
    """Return person, visit, row and moment of every promise a message or a call became, by the list's numbers."""
    from glede.config.choosing import chosen_practice
    from glede.diary.models import Appointment
    from glede.outbox.models import Message
    from glede.people.models import Patient
    from glede.practices import scope
    from glede.promises.models import Promise

    with scope.transaction(chosen_practice(None).pk):
        people = dict(Patient.objects.values_list("id", "external_id"))
        visits = dict(Appointment.objects.values_list("id", "external_id"))
        made = dict(Promise.objects.values_list("id", "made_at"))
        rows = Message.objects.exclude(promise_id=None)
        fields = ("touch__patient_id", "touch__subject_id", "touch__row", "promise_id")
        return [
            [people[person], visits[visit], row, made[promise].isoformat()]
            for person, visit, row, promise in rows.values_list(*fields)
        ]


if __name__ == "__main__":
    with embedded.session():
        os.environ["DJANGO_SETTINGS_MODULE"] = "glede.config.settings"
        import django

        django.setup()
        print(json.dumps(promised()))  # noqa: T201 - the answer
