"""What a list holds of people, as it is kept: packed and sealed under the key that lives outside the database."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from glede.people.lists.opening import Row
from glede.people.lists.values import Brought, Finding, Reject
from glede.practices.sealing import seal, unseal

_QUICKLY = 1


def kept(content: bytes) -> bytes:
    """Return the file as it is kept."""
    return seal(zlib.compress(content, _QUICKLY))


def opened(sealed: bytes | memoryview) -> bytes:
    """Return the file that is kept."""
    return zlib.decompress(unseal(sealed))


def report(brought: Brought, header: tuple[str, ...], delimiter: str) -> bytes:
    """Return what became of a list, as it is kept."""
    said = {**asdict(brought), "columns": dict(brought.columns), "header": header, "delimiter": delimiter}
    return kept(json.dumps(said, ensure_ascii=False).encode())


def read_report(sealed: bytes | memoryview) -> tuple[Brought, tuple[str, ...], str]:
    """Return what became of a list, its heading, and the sign between its cells."""
    said: dict[str, Any] = json.loads(opened(sealed))
    header, delimiter = tuple(said.pop("header")), said.pop("delimiter")
    return _brought(said), header, delimiter


def _brought(said: Mapping[str, Any]) -> Brought:
    rejects = [Reject(Row(r["row"]["number"], tuple(r["row"]["cells"])), r["reason"]) for r in said["rejects"]]
    return Brought(
        **{
            **said,
            "rejects": tuple(rejects),
            "findings": tuple(Finding(**finding) for finding in said["findings"]),
            "unmatched": tuple(said["unmatched"]),
            "not_kept": tuple(said["not_kept"]),
        }
    )
