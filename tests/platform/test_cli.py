"""The `glede` command: exit codes, JSON alone on standard output, errors in one line."""

import contextlib
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from glede.config import cli, embedded, keys
from glede.config.terminal import Refused, Terminal
from glede.staff import first_code
from tests.house import House


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Return a home in which nothing runs: each command starts the database for its own time."""
    house = House(tmp_path_factory.mktemp("home") / "h")
    house.furnish()
    return house


def test_wrong_usage_is_2() -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["nonsense"])
    assert stopped.value.code == 2


@pytest.mark.parametrize(
    "words",
    [
        "tick --now nonsense", "tick --now 2026-02-30T09:00", "tick", "forecast --from tomorrow --days 3",
        "forecast --from 2026-12-01 --days 0", "forecast --from 2026-12-01 --days 401",
        "forecast --from 2026-12-01 --days many", "import people list.csv --as-of nonsense",
        "import people list.csv --map phone", "init --country NO --timezone Europe/Oslo --virtual --at nonsense",
        "run --port 65536", "run --port http", "backup --days 0", "bench plan --count 0", "outbox --state gone",
    ],
)  # fmt: skip
def test_a_word_that_cannot_be_meant_is_wrong_usage(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(words.split())
    assert stopped.value.code == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "words",
    [
        "init --country NO --timezone Europe/Oslo",
        "init --practice Moss --country NO --timezone Europe/Oslo --at 2026-12-01T09:00",
        "backup --practice moss", "upgrade --practice moss", "restore", "restore FILE --practice moss",
    ],
)  # fmt: skip
def test_words_that_do_not_go_together_are_wrong_usage_in_one_line(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words.split()) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_every_command_is_told_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--help"])
    assert stopped.value.code == 0
    told = capsys.readouterr().out
    assert all(word in told for word in cli.names())


def test_a_refusal_is_one_line_and_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from glede.config.commands import assets

    def refuse(*_: object) -> int:
        raise Refused("No.\nReally   not.")

    monkeypatch.setattr(assets, "run", refuse)
    assert cli.main(["assets", "--json"]) == 1
    said = capsys.readouterr()
    assert said.err == "glede: No. Really not.\n"
    assert json.loads(said.out) == {"error": "No. Really not."}


def test_a_fault_is_one_line_and_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from glede.config.commands import assets

    def break_down(*_: object) -> int:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(assets, "run", break_down)
    assert cli.main(["assets"]) == 1
    assert capsys.readouterr().err == "glede: ZeroDivisionError: by nothing (GLEDE_DEBUG=1 shows where)\n"


def test_a_folder_that_cannot_be_used_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "h"
    taken.touch()
    monkeypatch.setenv("GLEDE_HOME", str(taken))
    assert cli.main(["run", "--port", "0"]) == 1
    told = f"glede: {taken} cannot be used: File exists. Put that right, or name another GLEDE_HOME.\n"
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("port", ["-1", "65536", "eighty"])
def test_a_port_that_is_none_is_refused(
    port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GLEDE_PORT", port)
    assert cli.main(["run"]) == 1
    said = capsys.readouterr().err
    assert port in said
    assert "Error" not in said


def test_a_master_key_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    good = Fernet.generate_key().decode()
    monkeypatch.setenv("GLEDE_MASTER_KEY", f"{good},{good}")
    assert keys.secret("master_key", make="fernet") == f"{good},{good}"
    monkeypatch.setenv("GLEDE_MASTER_KEY", f"{good},short")
    with pytest.raises(ImproperlyConfigured, match="no Fernet key"):
        keys.secret("master_key", make="fernet")


@pytest.mark.parametrize(
    "words",
    [["tick", "--now", "9999-12-31T00:00"], ["forecast", "--from", "0001-01-01", "--days", "2"],
     ["init", "--practice", "P", "--country", "NO", "--timezone", "Europe/Oslo", "--owner", "nobody"]],
)  # fmt: skip
def test_a_slip_of_the_finger_is_wrong_usage(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_surroundings", lambda _: contextlib.nullcontext())
    try:
        code = cli.main(words)
    except SystemExit as left:
        code = int(left.code or 0)
    assert code == 2
    assert "Write one like" in capsys.readouterr().err


def test_words_go_beside_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(is_json=True, out=sys.stdout, err=sys.stderr)
    terminal.say("on the way")
    terminal.answer({"n": 1}, "one")
    said = capsys.readouterr()
    assert (said.out, said.err) == ('{"n": 1}\n', "on the way\n")


@pytest.mark.slow
def test_a_practice_is_started_and_verified_without_a_running_glede(beside: House) -> None:
    words = ["init", "--practice", "Brillehuset Moss", "--country", "NO", "--language", "nb"]
    done = beside.command(*words, "--timezone", "Europe/Oslo", "--owner", "eier@example.org", "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert (made["practice"], made["mode"], made["clock"]) == ("brillehuset-moss", "rehearsal", "real")
    done = beside.command("verify", "--json", "--practice", "brillehuset-moss")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ok"] is True
    assert not beside.cluster.is_ready(), "the command that started the server stops it"


@pytest.mark.slow
def test_an_unknown_practice_or_place_is_refused(beside: House) -> None:
    done = beside.command("verify", "--practice", "nobody")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "nobody" in done.stderr
    done = beside.command("init", "--practice", "X", "--country", "NO", "--timezone", "Europe/Atlantis")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "Europe/Atlantis" in done.stderr


@pytest.mark.slow
def test_a_virtual_practice_begins_where_it_is_told(beside: House) -> None:
    words = ["init", "--practice", "Vitória", "--country", "BR", "--timezone", "America/Sao_Paulo", "--virtual"]
    done = beside.command(*words, "--at", "2016-05-02T08:00", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["clock"] == "virtual"


def test_the_code_is_checked_however_it_is_typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GLEDE_HOME", str(tmp_path))
    code = first_code.issue(tmp_path)
    assert first_code.check(tmp_path, code)
    assert first_code.check(tmp_path, code.lower().replace("-", " "))
    assert code.replace("-", "") not in (tmp_path / "first_code.json").read_text()
    assert not first_code.check(tmp_path, first_code.issue(tmp_path)[:-1])
    assert not first_code.check(tmp_path, code), "a new code voids the old"
    first_code.spend(tmp_path)
    assert not first_code.check(tmp_path, code)


def test_the_code_is_void_after_twenty_guesses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GLEDE_HOME", str(tmp_path))
    code = first_code.issue(tmp_path)
    for _ in range(20):
        assert not first_code.check(tmp_path, "AAAA-AAAA")
    assert not first_code.check(tmp_path, code)


def test_a_named_database_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@elsewhere.example/glede")
    assert not embedded.is_used()
    with embedded.session():
        pass


@pytest.mark.slow
def test_commands_side_by_side_share_one_server(beside: House) -> None:
    """The first starts it and stops it when the last is done."""
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: beside.command("verify"), range(4)))
    assert [d.returncode for d in done] == [0] * 4, [d.stderr for d in done]
    assert not beside.cluster.is_ready()
