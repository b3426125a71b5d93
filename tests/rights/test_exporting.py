"""An export holds every word about a person and every row, nobody else's, in forms that programs and people read."""

import csv
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from fhir.resources.R4B.bundle import Bundle

from glede.config.commands.people.export import _exports
from glede.config.postgres import SUPERUSER, Cluster
from glede.kernel.actor import SYSTEM
from glede.ledger import registry
from glede.ledger.queries import who_looked
from glede.people import operations as people
from glede.people.exporting import fhir, writing
from glede.people.exporting.gathering import Export, gather
from glede.people.exporting.reading import page
from glede.people.exporting.tables import table
from glede.practices import scope
from tests.cast import open_solberg
from tests.estate import Estate
from tests.rights.planting import CANARY, PLACES, a_full_life, plant

# What is derived from the rest, is not about one person, or is not yet said.
NOT_TOLD = {
    "people_searchtoken.token": "the words of the name, cut up",
    "outbox_breaker.words": "of a channel, not of a person",
    "inbox_draft.words": "not said yet",
    "inbox_straymessage.address": "of words nobody has placed",
    "inbox_straymessage.words": "of words nobody has placed",
    "inbox_straymessage.note": "of words nobody has placed",
    "inbox_straymessage.calm_reason": "of words nobody has placed",
    "lists_broughtlist.content": "of everybody in a file",
    "lists_broughtlist.report": "of everybody in a file",
    "lists_broughtrow.before": "codes for taking back",
    "diary_appointment.list_said": "where a visit stood in a list",
    "channels_rawmail.sealed": "the words stand in the conversation",
    "channels_rawmail.address": "of a mail nobody has placed",
    "channels_rawmail.subject": "of a mail nobody has placed",
    "channels_rawmail.note": "of a mail nobody has placed",
    "django_session.session_data": "of a colleague's browser",
}
# Rows that name a person and are derived, or a secret of the house.
DERIVED = {"people_patientkey", "people_searchtoken", "people_likeness", "inbox_conversation", "outbox_touch"}


@pytest.fixture
def life(db: None) -> Estate:
    return a_full_life()


def exported(life: Estate) -> Export:
    found = gather(life.house.practice, life.ids["patient_id"], now=life.house.now)
    assert found is not None
    return found


def test_every_word_about_a_person_is_in_the_export(cluster: Cluster, own_database: str) -> None:
    life = a_full_life()
    with psycopg.connect(cluster.url(SUPERUSER, own_database), autocommit=True) as eye:
        plant(eye, life.ids["patient_id"], says_where=True)
    told = json.dumps(exported(life).as_json(), ensure_ascii=False)
    untold = {f"{table}.{column}" for n, (table, column) in enumerate(PLACES) if f"{CANARY}{n:02}-" not in told}
    assert untold == set(NOT_TOLD)


def test_every_row_that_names_a_person_is_in_the_export(life: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    assert untold(life) == set()
    handlers = {name: one for name, one in registry.handlers("export").items() if name != "recall"}
    monkeypatch.setattr(registry, "handlers", lambda act: handlers)
    assert untold(life) == {"recall_nextvisit"}, "the control: a room that tells nothing is noticed"


def untold(life: Estate) -> set[str]:
    """Return the tables with a row that names the person and is not in their export."""
    told = json.dumps(exported(life).as_json())
    missing = set()
    with scope.transaction(life.house.id):
        for model in apps.get_models():
            if not any(getattr(field, "column", "") == "patient_id" for field in model._meta.local_fields):
                continue
            rows = model._default_manager.filter(patient_id=life.ids["patient_id"]).values_list("pk", flat=True)
            missing |= {model._meta.db_table for pk in rows if str(pk) not in told}
    return missing - DERIVED


def test_it_is_a_valid_bundle_with_the_same_ids_each_time_and_a_page(life: Estate) -> None:
    bundle = fhir.bundle(exported(life))
    read = Bundle.model_validate(bundle)
    kinds = {entry["resource"]["resourceType"] for entry in bundle["entry"]}
    assert kinds >= {"Patient", "Organization", "Appointment", "Communication", "Observation", "Task"}
    assert len(read.entry or []) == len({entry["fullUrl"] for entry in bundle["entry"]})
    assert fhir.bundle(exported(life)) == bundle
    held = {entry["fullUrl"] for entry in bundle["entry"]}
    assert {ref for ref in _references(bundle) if ref not in held} == set()
    for language, words in (("nb", "Hvem du er"), ("en", "Who you are")):
        html = page(replace(exported(life), language=language))
        assert f'<html lang="{language}">' in html
        assert words in html
    # The control: a wrong bundle would be noticed.
    next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Appointment")["status"] = 7
    with pytest.raises(ValueError, match="status"):
        Bundle.model_validate(bundle)


def test_it_tells_nothing_of_anybody_else(db: None) -> None:
    house = open_solberg("berit", "ella", "arne")
    given: dict[str, Any] = {"practice_id": house.id, "by": SYSTEM, "now": house.now}
    people.set_guardian(patient_id=house.people["ella"], guardian_id=house.people["berit"], **given)
    people.note_need(patient_id=house.people["berit"], kind="need", words=CANARY, **given)
    export = gather(house.practice, house.people["ella"], now=house.now)
    assert export is not None
    told = "".join(text for _name, text in writing.files(export))
    assert not [
        word for word in ("Berit", CANARY, str(house.people["berit"]), "400 00 106", "+4740000106") if word in told
    ]
    Bundle.model_validate(fhir.bundle(export))
    assert "RelatedPerson" in told


def test_the_files_of_one_and_of_everybody(life: Estate, tmp_path: Path) -> None:
    names = writing.write(exported(life), tmp_path / "one")
    assert {"person.json", "person.fhir.json", "person.html", "csv/diary-visit.csv", "csv/people-need.csv"} <= set(
        names
    )
    with pytest.raises(writing.NotEmpty):
        writing.write(exported(life), tmp_path / "one")
    practice = life.house.practice
    count = writing.write_all(_exports(practice, SYSTEM, life.house.now), tmp_path / "all")
    lines = (tmp_path / "all" / "people.ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["person"] for line in lines].count(str(life.ids["patient_id"])) == 1
    assert count == len(lines) > 1
    rows = list(csv.DictReader(StringIO((tmp_path / "all/csv/people-need.csv").read_text(encoding="utf-8"))))
    assert str(life.ids["patient_id"]) in {row["person"] for row in rows}
    assert who_looked(practice.pk, life.ids["patient_id"])[0][3] == "export"


def test_a_cell_is_never_a_formula() -> None:
    assert "'=1+1" in table([{"words": "=1+1"}])
    assert table([{"score": -2, "phone": "+4740000101"}]).splitlines()[1] == "-2,+4740000101"


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["reference"]} if "reference" in value else set()
        return own.union(*map(_references, value.values()))
    return set().union(*map(_references, value)) if isinstance(value, list) else set()
