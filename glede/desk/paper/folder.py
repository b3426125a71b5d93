"""Where days on paper lie: ``GLEDE_HOME/day-sheets``, a folder for each practice, files for their owner alone."""

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from glede.desk.paper.rules import Wanted

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-(morning|evening)\.html")
_ROW = '<tr data-person="{}">.*?</tr>'
_PERSON = re.compile(r'<tr data-person="([0-9a-f-]{36})">')


@dataclass(frozen=True)
class Kept:
    """A file that lies there."""

    wanted: Wanted
    path: Path

    @property
    def name(self) -> str:
        """The file's name, as it stands in an address."""
        return self.path.name

    def html(self) -> str:
        """Return the page."""
        return self.path.read_text(encoding="utf-8")

    def people(self) -> set[UUID]:
        """Return whom it names."""
        return {UUID(found) for found in _PERSON.findall(self.html())}


def folder_of(practice: Any) -> Path:
    """Return the folder of a practice, whether it is there or not."""
    return Path(settings.GLEDE_HOME) / "day-sheets" / str(practice.slug)


def kept(practice: Any) -> list[Kept]:
    """Return what lies there, the latest day first."""
    return sorted(_all(practice), key=lambda one: (one.wanted.day, one.wanted.when == "morning"), reverse=True)


def write(practice: Any, sheet: Wanted, html: str) -> None:
    """Put a sheet there, whole or not at all, in the place of one of the same name."""
    folder = folder_of(practice)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{sheet.day.isoformat()}-{sheet.when}.html"
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(html)
    new.replace(path)


def leave_out(practice: Any, sheet: Kept, patient_ids: Collection[UUID]) -> None:
    """Take people out of a sheet that lies there."""
    html = sheet.html()
    for patient_id in patient_ids:
        html = re.sub(_ROW.format(patient_id), "", html, flags=re.DOTALL)
    write(practice, sheet.wanted, html)


def leave_everywhere(practice: Any, patient_id: UUID) -> None:
    """Take one person out of every sheet that lies there."""
    for sheet in kept(practice):
        if patient_id in sheet.people():
            leave_out(practice, sheet, {patient_id})


def _all(practice: Any) -> Iterator[Kept]:
    folder = folder_of(practice)
    for path in folder.iterdir() if folder.is_dir() else ():
        if found := _NAME.fullmatch(path.name):
            yield Kept(Wanted(date.fromisoformat(found[1]), found[2]), path)
