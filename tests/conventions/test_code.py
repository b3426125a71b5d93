"""What code may not do: read the clock, throw dice, write rows outside operations."""

import ast
import subprocess
import sys

import pytest

from glede.config import cli, commands
from tests.conventions import source

# ``now`` and ids come from the kernel; what runs on the machine's clock is in the hands of two files.
CLOCK_AND_DICE = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now", "datetime.date.today",
    "timezone.now", "time.time", "time.sleep", "sleep", "uuid4", "uuid.uuid4", "uuid1", "uuid.uuid1",
}  # fmt: skip
KERNEL = {"glede/kernel/clock.py", "glede/kernel/ids.py"}

WRITES = {"bulk_create", "bulk_update", "get_or_create", "update_or_create"}
WRITES_BY_MANAGER = WRITES | {"create", "update", "delete", "raw"}

# path → why rows are written there
WRITERS: dict[str, str] = {
    "glede/staff/models.py": "Django asks the manager of users to make one",
    "glede/config/management/commands/migrate.py": "migrations",
}


def test_nobody_but_the_kernel_reads_the_clock_or_throws_dice() -> None:
    found = []
    for path, module in source.python():
        if source.name(path) in KERNEL:
            continue
        for call, called in source.calls(module):
            # A generator with a seed always throws the same, so it is no dice.
            is_dice = called.startswith("random.") and not (called == "random.Random" and call.args)
            if called in CLOCK_AND_DICE or is_dice:
                found.append(f"{source.name(path)}:{call.lineno} {called}")
    assert not found, "\n".join(found)


def test_no_row_keeps_its_own_time() -> None:
    found = [
        f"{source.name(path)}:{call.lineno}"
        for path, module in source.python()
        for call, _ in source.calls(module)
        if any(k.arg in {"auto_now", "auto_now_add"} for k in call.keywords)
    ]
    assert not found, "\n".join(found)


def test_rows_are_written_in_operations_alone() -> None:
    found = []
    for path, module in source.python():
        # Handlers take part in another room's operation: erase, merge (ledger.registry).
        if {path.stem, path.parent.name} & {"operations", "handlers"} or source.name(path) in WRITERS:
            continue
        for call, called in source.calls(module):
            last = called.rpartition(".")[2]
            if last in WRITES or (last in WRITES_BY_MANAGER and ".objects." in called):
                found.append(f"{source.name(path)}:{call.lineno} {called}")
    assert not found, "\n".join(found)


def test_a_save_names_its_fields() -> None:
    found = []
    for path, module in source.python():
        for call, called in source.calls(module):
            is_save = called.endswith(".save") and not called.startswith(("super.", "form."))
            if (
                is_save
                and source.name(path) not in WRITERS
                and not any(k.arg in {"update_fields", "force_insert", None} for k in call.keywords)
            ):
                found.append(f"{source.name(path)}:{call.lineno} {called}")
    assert not found, "\n".join(found)


def test_nothing_is_ordered_behind_our_back() -> None:
    found = [
        f"{source.name(path)}:{node.lineno}"
        for path, module in source.python()
        for meta in ast.walk(module)
        if isinstance(meta, ast.ClassDef) and meta.name == "Meta"
        for node in meta.body
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "ordering" for t in node.targets)
    ]
    assert not found, "\n".join(found)


def test_no_signal_carries_the_domain() -> None:
    found = [
        f"{source.name(path)}:{call.lineno} {called}"
        for path, module in source.python()
        for call, called in source.calls(module)
        if called.endswith(("_save.connect", "_delete.connect")) or called == "receiver"
    ]
    assert not found, "\n".join(found)


def test_every_room_says_what_it_owns() -> None:
    silent = [
        room.name
        for room in source.PACKAGE.iterdir()
        if (room / "__init__.py").exists() and not ast.get_docstring(source.tree(room / "__init__.py"))
    ]
    assert not silent, ", ".join(sorted(silent))


def test_operations_and_queries_say_what_they_promise() -> None:
    silent = []
    for path, module in source.python():
        if {path.stem, path.parent.name} & {"operations", "queries", "rules"}:
            for node in module.body:
                if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                    continue
                if not ast.get_docstring(node):
                    silent.append(f"{source.name(path)}:{node.lineno} {node.name}")
    assert not silent, "\n".join(silent)


@pytest.mark.parametrize("module", sorted(cli.names().values()))
def test_a_command_imports_rooms_only_when_it_runs(module: str) -> None:
    """Settings read the database's address, and a command finds it only after its words are read."""
    code = (
        f"import sys, importlib; m = importlib.import_module('{commands.__name__}.{module}'); "
        "assert m.HELP and m.register and m.run; "
        "print(','.join(n for n in sys.modules if n in ('django.conf', 'django.db')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def test_a_start_takes_in_nothing_that_is_seldom_needed() -> None:
    """Each of these is a tenth of a second or more, at every start of every command."""
    seldom = ("httpx", "jsonschema", "openpyxl", "holidays", "rich")
    code = (
        "import sys; from glede.config import cli; cli._set_up_django(); "
        f"print(','.join(name for name in {seldom} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
