"""Every command, told to work for Solberg beside Nordlys in one database: nothing of Nordlys is told or touched."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings

from glede.config import cli, prepare
from glede.config.terminal import Refused, Terminal
from glede.journeys import document
from glede.kernel.ids import link_code
from tests.estate import Estate, an_estate
from tests.operations import another
from tests.tenancy.traces import fingerprint, scopes, told_of

PEOPLE = "id,first name,last name,email\nS-1001,Kari,Moe,ny.kari@example.org\nS-2002,Liv,Ny,liv@example.org\n"
VISITS = "id,patient,date,time\nV-1,S-1001,2026-12-09,10:00\n"

Words = Callable[[Estate, Path], list[str]]


def _file(folder: Path, name: str, content: str) -> str:
    (folder / name).write_text(content, encoding="utf-8")
    return str(folder / name)


def _tick(ours: Estate, _: Path) -> list[str]:
    return ["tick", "--now", (ours.house.now + timedelta(days=1)).isoformat()]


def _journey(folder: Path) -> str:
    return _file(folder, "journey.yaml", document.write_yaml(document.default_raw()).replace("15:00", "16:00"))


def _code(ours: Estate) -> str:
    return link_code(settings.GLEDE_LINK_KEY, ours.ids["appointment_id"], 0)


def _double(ours: Estate) -> str:
    ours.ids["double"] = another(ours)
    return str(ours.ids["double"])


# Each word with what it is asked; a command that is new stands in neither list and fails the test.
COMMANDS: dict[str, Words] = {
    "import": lambda _, folder: ["import", "people", _file(folder, "people.csv", PEOPLE)],
    "import appointments": lambda _, folder: ["import", "appointments", _file(folder, "visits.csv", VISITS)],
    "forecast": lambda ours, _: ["forecast", "--from", ours.house.now.date().isoformat(), "--days", "30"],
    "diary slots": lambda ours, _: ["diary", "slots", "--from", ours.house.now.date().isoformat(), "--days", "3"],
    "diary history": lambda ours, _: ["diary", "history", _code(ours)],
    "diary prove": lambda ours, folder: ["diary", "prove", _code(ours), "--out", str(folder / "proof")],
    "duplicates": lambda _, __: ["duplicates"],
    "people find": lambda _, __: ["people", "find", "kari"],
    "init": lambda _, __: ["init", "--country", "NO", "--timezone", "Europe/Oslo", "--practice", "Brillehuset Moss"],
    "outbox": lambda _, __: ["outbox"],
    "outbox why": lambda ours, _: ["outbox", "why", str(ours.ids["message_id"])],
    "tick": _tick,
    "verify": lambda _, __: ["verify"],
    "journey show": lambda _, __: ["journey", "show"],
    "journey measures": lambda _, folder: ["journey", "measures", "--csv", str(folder / "rows.csv")],
    "journey check": lambda _, folder: ["journey", "check", _journey(folder)],
    "journey export": lambda _, folder: ["journey", "export", str(folder / "own.yaml")],
    "journey import": lambda _, folder: ["journey", "import", _journey(folder)],
    "merge": lambda ours, _: ["merge", str(ours.ids["patient_id"]), _double(ours)],
    "unmerge": lambda ours, _: ["unmerge", str(ours.ids["double"])],
    "people export": lambda ours, folder: ["people", "export", str(ours.ids["patient_id"]), str(folder / "copy")],
    "people erase": lambda ours, _: ["people", "erase", str(ours.ids["double"]), "--reason", "asked"],
}
WITHOUT_A_PRACTICE = {
    "channels": "leaves by a provider, which is tried in glede/channels",
    "assets": "gathers files",
    "backup": "copies every practice of the database, sealed",
    "bench": "works in a database of its own, dropped at the end",
    "db": "prints an address or migrates tables",
    "demo": "makes another practice by the operations every practice is made by",
    "mail": "reads a file, without a database",
    "may-send": "reads a file, without a database",
    "messages": "compiles words",
    "opt-out": "reads what is typed, without a database",
    "restore": "puts a whole database in the place of another",
    "run": "starts processes",
    "scrub": "writes the tables of the whole database anew",
    "shoes": "writes in a database of its own; glede/shoes/tests compares where the practices live",
    "upgrade": "migrates a copy of the whole database",
    "worker": "does the tasks of test_tasks",
}


@pytest.fixture
def ours(db: None) -> Estate:
    """Solberg."""
    return an_estate("solberg")


@pytest.fixture
def theirs(ours: Estate) -> Estate:
    """Nordlys, in the same database."""
    return an_estate("nordlys")


def typed(*words: str) -> str:
    """Run a command in this process and return everything it said."""
    said = StringIO()
    args = cli._parser(list(words)).parse_args([*words, "--json"])
    args.module.run(args, Terminal(is_json=True, out=said, err=said))
    return said.getvalue()


def test_every_command_is_on_a_list() -> None:
    assert {name.split(" ")[0] for name in COMMANDS} | set(WITHOUT_A_PRACTICE) == set(cli.names())
    assert not {name.split(" ")[0] for name in COMMANDS} & set(WITHOUT_A_PRACTICE)


def test_a_command_tells_and_touches_its_own_practice_alone(
    ours: Estate, theirs: Estate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "migrate", lambda: 0)  # the owner's work, done already
    before = fingerprint(theirs.house.id)
    for name, asked in COMMANDS.items():
        words = asked(ours, tmp_path)
        chosen = [] if "--practice" in words else ["--practice", ours.house.practice.slug]
        mine = fingerprint(ours.house.id)
        with scopes() as opened:
            said = typed(*words, *chosen)
        assert said.strip(), name
        assert not told_of(theirs, said), name
        assert fingerprint(theirs.house.id) == before, name
        assert not any(str(theirs.house.id) in one for one in opened), name
        changes = name.startswith(
            ("import", "journey import", "tick", "diary prove", "merge", "unmerge", "people erase", "people export")
        )
        assert (fingerprint(ours.house.id) != mine) == changes, f"{name}: done to the practice that was named"


def test_where_there_are_two_practices_one_must_be_named(ours: Estate, theirs: Estate, tmp_path: Path) -> None:
    before = fingerprint(ours.house.id), fingerprint(theirs.house.id)
    for name in ("import", "outbox", "tick"):
        with pytest.raises(Refused, match="Say which"):
            typed(*COMMANDS[name](ours, tmp_path))
    assert (fingerprint(ours.house.id), fingerprint(theirs.house.id)) == before
