"""Write an export into a folder, or into one file to send; and everybody's, person after person."""

import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any, TextIO

from glede.people.exporting import fhir, reading, tables
from glede.people.exporting.gathering import Export

JSON, BUNDLE, PAGE, TABLES = "person.json", "person.fhir.json", "person.html", "csv"
EVERYBODY, BUNDLES = "people.ndjson", "people.fhir.ndjson"


class NotEmpty(FileExistsError):
    """The folder holds something already: nothing of it is written over."""


def files(export: Export) -> Iterator[tuple[str, str]]:
    """Yield each file of one person's export: its name and what stands in it."""
    yield JSON, json.dumps(export.as_json(), ensure_ascii=False, indent=1)
    yield BUNDLE, json.dumps(fhir.bundle(export), ensure_ascii=False, indent=1)
    yield PAGE, reading.page(export)
    for name, text in tables.tables(export).items():
        yield f"{TABLES}/{name}", text


def write(export: Export, folder: Path) -> list[str]:
    """Write one person's export into ``folder`` and return the names of the files. Raises ``NotEmpty``."""
    _begin(folder)
    names = []
    for name, text in files(export):
        path = folder / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with _new(path) as file:
            file.write(text)
        names.append(name)
    return names


def packed(export: Export) -> bytes:
    """Return one person's export as a zip file."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files(export):
            archive.writestr(name, text)
    return out.getvalue()


def write_all(exports: Iterable[Export], folder: Path) -> int:
    """Write everybody's export into ``folder``, one person in memory at a time; return how many they are.

    A person is a line of ``people.ndjson`` and a bundle of ``people.fhir.ndjson``; the tables hold everybody, with a
    column that says who. Raises ``NotEmpty``.
    """
    _begin(folder)
    (folder / TABLES).mkdir(mode=0o700)
    count = 0
    with ExitStack() as stack:
        people = stack.enter_context(_new(folder / EVERYBODY))
        bundles = stack.enter_context(_new(folder / BUNDLES))
        open_tables: dict[str, tuple[TextIO, list[str]]] = {}
        for export in exports:
            people.write(json.dumps(export.as_json(), ensure_ascii=False) + "\n")
            bundles.write(json.dumps(fhir.bundle(export), ensure_ascii=False) + "\n")
            for room, what, row in export.every():
                name = tables.file_name(room, what)
                told: dict[str, Any] = {"person": str(export.patient_id), **row}
                if name not in open_tables:
                    columns = tables.columns_of([told])
                    file = stack.enter_context(_new(folder / TABLES / name))
                    file.write(tables.table([], columns))
                    open_tables[name] = file, columns
                file, columns = open_tables[name]
                file.write(tables.table([told], columns, header=False))
            count += 1
    return count


def _begin(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise NotEmpty(str(folder))


def _new(path: Path) -> TextIO:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(handle, "w", encoding="utf-8", newline="")
