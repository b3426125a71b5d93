"""Every room that keeps something of a person takes part in erasing, merging and exporting them."""

import pytest
from django.apps import apps

from glede.ledger import registry

# The ledger holds ids only, so that a person can be forgotten and the chain still verifies; people owns the acts.
OWNERS = {"ledger", "people"}


def rooms_with_patients() -> set[str]:
    """Return the rooms with a column that names a patient."""
    found = set()
    for model in apps.get_models():
        if any(field.column == "patient_id" for field in model._meta.local_fields if hasattr(field, "column")):
            found.add(model._meta.app_label)
    return found


def test_there_are_such_rooms() -> None:
    assert {"people", "diary", "outbox", "inbox", "feedback"} <= rooms_with_patients()


@pytest.mark.parametrize("act", ["erase", "merge", "export"])
def test_each_of_them_takes_part(act: str) -> None:
    missing = rooms_with_patients() - OWNERS - set(registry.handlers(act))
    assert missing == set()
