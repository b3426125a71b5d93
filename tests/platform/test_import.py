"""``glede import``: what it says, what it keeps in the file of rejects, and that trying changes nothing."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from glede.calendars.tests.invented import FREE, LUNCH, MEETING, calendar, event
from glede.config import cli
from glede.config.terminal import Refused, Terminal
from glede.diary.models import Appointment
from glede.ledger.queries import last_seq
from glede.lists.queries import lists_page
from glede.people.queries import count_patients
from glede.practices import scope
from tests.cast import House, open_solberg
from tests.house import House as Home

pytestmark = pytest.mark.django_db

PEOPLE = "Kundenr;Etternavn;Fornavn;Mobil\n1;Øst;Nina;400 00 301\n1;Øst;Nina;400 00 301\n;;;\n2;Lie;Odd;12\n"
VISITS = "id,person,start,booked_at\nV1,1,2026-11-26 10:00,\nV2,2.9E+13,2026-11-27 10:00,\n"


@pytest.fixture
def house() -> House:
    """Solberg with Kari alone."""
    return open_solberg("kari")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home of its own, for the files of rejects."""
    monkeypatch.setenv("GLEDE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def imported(what: str, path: Path, *words: str) -> dict[str, Any]:
    """Run the import of a file and return its JSON."""
    said = StringIO()
    line = ["import", what, str(path), *words, "--json"]
    args = cli._parser(line).parse_args(line)
    assert args.module.run(args, Terminal(is_json=True, out=said, err=StringIO())) == 0
    found: dict[str, Any] = json.loads(said.getvalue())
    return found


def written(folder: Path, text: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_answer_names_every_row_that_was_not_taken_as_it_stood(house: House, tmp_path: Path) -> None:
    told = imported("people", written(tmp_path, PEOPLE))
    kinds = ("created", "updated", "unchanged", "duplicates", "rejected")
    assert [told[kind] for kind in kinds] == [2, 0, 0, 1, 1]
    assert told["read"] == 4
    assert told["columns"] == {"id": "Kundenr", "family_name": "Etternavn", "given_name": "Fornavn", "phone": "Mobil"}
    assert told["findings"] == [{"row": 5, "field": "phone", "text": "12", "reason": "unreadable"}]
    assert told["rejects"] == [{"row": 4, "reason": "no_id_name_or_contact"}]
    assert told["unmatched"] == []


def test_rejects_stand_in_a_file_that_only_its_owner_reads_and_that_comes_in_when_corrected(
    house: House, tmp_path: Path, home: Path
) -> None:
    imported("people", written(tmp_path, PEOPLE))
    told = imported("appointments", written(tmp_path, VISITS))
    assert (told["created"], told["rejected"]) == (1, 1)
    rejects = Path(told["rejects_file"])
    assert rejects.is_relative_to(home / "rejects")
    assert rejects.stat().st_mode & 0o077 == 0
    content = rejects.read_text(encoding="utf-8-sig")
    assert "person_id_broken_by_a_spreadsheet" in content
    again = imported("appointments", written(tmp_path, content.replace("2.9E+13", "2"), "fixed.csv"))
    assert (again["created"], again["rejected"], again["rejects_file"]) == (1, 0, None)


def test_a_dry_run_says_the_same_and_changes_nothing(house: House, tmp_path: Path) -> None:
    before, people = last_seq(house.id), count_patients(house.id)
    tried = imported("people", written(tmp_path, PEOPLE), "--dry-run")
    visits = imported("appointments", written(tmp_path, VISITS), "--dry-run")
    assert (last_seq(house.id), count_patients(house.id)) == (before, people)
    with scope.transaction(house.id):
        assert not Appointment.objects.exists()
    done = imported("people", written(tmp_path, PEOPLE))
    assert {k: v for k, v in tried.items() if k != "rejects_file"} == {
        k: v for k, v in done.items() if k != "rejects_file"
    }
    assert visits["created"] == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id,Ikke kontakt\n1,x\n", "looks like a refusal"),
        ("id,no_sms\n1,kanskje\n", r"neither yes nor no.*--map no_sms:yes='no_sms'"),
        ("", "nothing in this file"),
    ],
)
def test_what_is_unclear_stops_the_import_with_a_question_and_changes_nothing(
    house: House, tmp_path: Path, text: str, told: str
) -> None:
    before = count_patients(house.id)
    with pytest.raises(Refused, match=told):
        imported("people", written(tmp_path, text))
    assert count_patients(house.id) == before
    assert {line.state for line in lists_page(house.id)} <= {"discarded"}


def test_the_moment_is_told_only_where_the_clock_is_moved_by_hand(house: House, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="--as-of"):
        imported("people", written(tmp_path, PEOPLE), "--as-of", "2026-05-02T08:00")


@pytest.mark.slow
def test_bringing_a_list_is_measured_beside_copying_its_rows(tmp_path: Path) -> None:
    house = Home(tmp_path / "h")
    house.furnish()
    done = house.command("bench", "import", "--count", "300", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["people"], told["unit"]) == (300, "people/s")
    assert min(told["figure"], told["limit"], told["ratio"], told["megabytes"]) > 0


def test_a_file_that_is_not_there_is_refused_in_one_line(house: House, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        imported("people", tmp_path / "nothing.csv")


def test_a_calendar_is_held_and_its_counts_add_up(house: House, tmp_path: Path) -> None:
    broken = event("odd", ":sometime", ":20261125T100000Z")
    path = tmp_path / "outlook.ics"
    path.write_bytes(calendar(LUNCH, MEETING, FREE, broken))
    told = imported("calendar", path, "--clinician", "amal")
    kinds = ("busy", "free", "outside", "refused")
    assert told["events"] == sum(told[kind] for kind in kinds) == 4
    assert told["refused_file"] is None
    assert [one["code"] for one in told["findings"]] == ["moment"]
    again = imported("calendar", path, "--clinician", "Dr Amal Haddad")
    assert (again["calendar"], again["known"], again["vanished"]) == (told["calendar"], True, 0)
    with pytest.raises(Refused, match="nobody who sees patients here"):
        imported("calendar", path, "--clinician", "Siv")
