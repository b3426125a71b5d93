"""What a list holds of people, as it is kept: packed and sealed under the key that lives outside the database."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, time
from typing import Any
from uuid import UUID

from glede.kernel.periods import Span
from glede.lists.values import Ask, Column, Found, Group, Proposal, Question, RejectLine
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


def found(found: Found) -> bytes:
    """Return what was found in a list before it was brought, as it is kept."""
    return kept(json.dumps(asdict(found), ensure_ascii=False, default=str).encode())


def read_found(sealed: bytes | memoryview) -> Found:
    """Return what was found in a list before it was brought."""
    said: dict[str, Any] = json.loads(opened(sealed))
    return Found(
        **{
            **said,
            "list_id": UUID(said["list_id"]),
            "read_at": datetime.fromisoformat(said["read_at"]),
            "columns": tuple(Column(**_in_tuples(one)) for one in said["columns"]),
            "questions": tuple(Question(**_in_tuples(one)) for one in said["questions"]),
            "groups": tuple(
                Group(**{**one, "first": tuple(Finding(**finding) for finding in one["first"])})
                for one in said["groups"]
            ),
            "rejects": tuple(RejectLine(**_in_tuples(one)) for one in said["rejects"]),
            "asks": tuple(Ask(**one) for one in said["asks"]),
            "proposals": tuple(_proposal(one) for one in said["proposals"]),
            "not_kept": tuple(said["not_kept"]),
        }
    )


def _proposal(said: Mapping[str, Any]) -> Proposal:
    spans = tuple(
        Span(**{**one, "opens": time.fromisoformat(one["opens"]), "closes": time.fromisoformat(one["closes"])})
        for one in said["spans"]
    )
    return Proposal(**{**said, "spans": spans})


def _in_tuples(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}


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
