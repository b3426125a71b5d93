"""What stands around the code: settings, requirements, decisions, make, and no names of others' machines."""

import ast
import re
import subprocess
from pathlib import Path

from tests.conventions import source

READERS = {"environment.text", "environment.flag", "environment.number", "os.environ.get", "keys.secret"}
# Read from the system, or set by ourselves for our own children.
NOT_SETTINGS = {
    "GLEDE_SOCKET",
    "GLEDE_LAN_NAMES",
    "GLEDE_SUPERVISED",
    "GLEDE_TEST_RUN",
    "GLEDE_TEST_PROVIDER",
    "DJANGO_SETTINGS_MODULE",
    "CI",
    "TMPDIR",
    "PATH",
}


def _settings_read() -> set[str]:
    names = set()
    for _path, module in source.python(tests=True):
        for call, called in source.calls(module):
            first = call.args[0] if call.args else None
            if called not in READERS or not isinstance(first, ast.Constant) or not isinstance(first.value, str):
                continue
            names.add(f"GLEDE_{first.value.upper()}" if called == "keys.secret" else first.value)
        strings = (n.value for n in ast.walk(module) if isinstance(n, ast.Constant) and isinstance(n.value, str))
        names |= {value for value in strings if re.fullmatch(r"GLEDE_[A-Z_]*[A-Z]", value)}
    return names - NOT_SETTINGS | {"GLEDE_TEST_DATA"}  # told to tests by .ci/run


def _settings_told() -> set[str]:
    text = (source.ROOT / ".env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^# ?([A-Z][A-Z_]+)=", text, re.MULTILINE))


def test_every_setting_stands_in_the_example() -> None:
    assert _settings_read() - _settings_told() == set()


def test_the_example_names_no_setting_that_nobody_reads() -> None:
    assert _settings_told() - _settings_read() == set()


def test_every_requirement_has_its_reason() -> None:
    lines = [
        f"{name}: {line}"
        for name in ("base.in", "dev.in")
        for line in (source.ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-r"))
    ]
    silent = [line for line in lines if not re.search(r"\s# \S.{4,}", line)]
    assert not silent, "\n".join(silent)


def test_requirements_are_hashed_and_name_no_place() -> None:
    for name in ("base.txt", "dev.txt"):
        text = (source.ROOT / "requirements" / name).read_text(encoding="utf-8")
        assert not re.search(r"https?:|--(extra-)?index-url|--find-links|file:|--trusted-host", text), name
        pinned = re.split(r"^(?=[a-zA-Z0-9])", text, flags=re.MULTILINE)[1:]
        bare = [entry.split()[0] for entry in pinned if "--hash=sha256:" not in entry or "==" not in entry]
        assert not bare, f"{name}: {', '.join(bare)}"


def test_a_decision_carries_the_number_of_its_file() -> None:
    decisions = sorted((source.ROOT / "docs/decisions").glob("*.md"))
    wrong = [p.name for p in decisions if not p.read_text(encoding="utf-8").startswith(f"# {p.name[:4]} ")]
    assert not wrong, ", ".join(wrong)
    assert [int(p.name[:4]) for p in decisions] == list(range(1, len(decisions) + 1))
    too_long = [p.name for p in decisions if p.read_text(encoding="utf-8").count("\n") > 40]
    assert not too_long, ", ".join(too_long)


def test_make_explains_every_target() -> None:
    text = (source.ROOT / "Makefile").read_text(encoding="utf-8")
    phony = {word for line in re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE) for word in line.split()}
    explained = set(re.findall(r"^([a-z-]+):.*## \S", text, re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))
    assert phony == explained == targets


def _committed() -> list[Path]:
    told = subprocess.run(["git", "ls-files", "-z"], cwd=source.ROOT, capture_output=True, text=True, check=False)
    return [source.ROOT / name for name in told.stdout.split("\0") if name and (source.ROOT / name).is_file()]


def test_no_file_names_a_machine_or_a_registry() -> None:
    """Who builds Glede elsewhere has other paths and other mirrors."""
    words = re.compile(
        r"(?<![\w.}])/(?:work|root|home)/\w|//(?:[\w-]+\.)*(?:py" r"pi|python" r"hosted|npm" r"js|deb\." r"debian)\.",
        re.I,
    )
    found = []
    for path in _committed():
        if path.suffix in {".woff2", ".png", ".ico", ".mo"} or path.name == "LICENSE":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), 1):
            if words.search(line):
                found.append(f"{source.name(path)}:{number} {line.strip()[:80]}")
    assert not found, "\n".join(found)


def test_the_readme_is_short_and_tells_the_two_commands() -> None:
    readme = (source.ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.count("\n") <= 80
    assert "make run" in readme
    assert "make test" in readme
