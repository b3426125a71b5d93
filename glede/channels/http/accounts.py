"""A practice's account by a description: found by the practice, or by the key in the address that is called."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import yaml
from django.conf import settings

from glede.channels.addresses import public_address
from glede.channels.http.description import Description, read_description
from glede.channels.http.filling import HttpConfig
from glede.channels.models import TextAccount
from glede.kernel.plain import NotYaml, read_yaml
from glede.outbox.reading import BadPolicy
from glede.practices import scope
from glede.practices.models import ChannelAccount, Practice
from glede.practices.queries import practice_by_id
from glede.practices.sealing import InvalidToken, unseal

PROVIDER = "http"
LATE_REPORTS = timedelta(days=7)
"""How long reports for an account that was replaced are still heard."""
LENGTH_MOST = 20_000
_SHIPPED = Path(__file__).parent / "described"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@lru_cache(maxsize=1)
def shipped() -> dict[str, str]:
    """Return the descriptions that come with the house, by name, as they are written."""
    return {
        path.stem: path.read_text(encoding="utf-8")
        for path in sorted(_SHIPPED.glob("*.yaml"), key=lambda path: path.stem)
    }


def written(text: str) -> tuple[Any, Description]:
    """Return a description as plain values and as read. Raises ``BadPolicy`` with what is wrong, and where."""
    if len(text) > LENGTH_MOST:
        raise BadPolicy("description", f"is longer than {LENGTH_MOST} letters")
    try:
        raw = read_yaml(text)
        json.dumps(raw)
    except (NotYaml, ValueError, TypeError, RecursionError) as error:
        raise BadPolicy("description", "is neither YAML nor JSON of texts, numbers and lists") from error
    return raw, described(raw)


def described(raw: Any) -> Description:
    """Return a description that is kept, as read. Raises ``BadPolicy``."""
    return read_description(raw, may_be_loopback=settings.GLEDE_TEXTS_TO_LOOPBACK)


def config_for(practice_id: UUID) -> HttpConfig:
    """Return the account ready to use. Raises ``LookupError`` where there is none that can be opened."""
    with scope.transaction(practice_id):
        rows = TextAccount.objects.filter(practice_id=practice_id, provider=PROVIDER, ended_at=None, closed_at=None)
        account = rows.first()
    if account is None:
        raise LookupError("no described account for texts")
    try:
        return config_of(account, practice_by_id(practice_id))
    except (InvalidToken, BadPolicy) as error:
        raise LookupError("the account was sealed with another master key, or its description is none") from error


def config_or_none(practice_id: UUID) -> HttpConfig | None:
    """Return the account ready to use, or None."""
    try:
        return config_for(practice_id)
    except LookupError:
        return None


def config_of(account: TextAccount, practice: Practice) -> HttpConfig:
    """Return an account ready to use. Raises ``InvalidToken`` under another master key, and ``BadPolicy``."""
    secrets = json.loads(unseal(account.sealed_token))
    return HttpConfig(described(account.description), secrets, account.sender, _called_at(practice, account.hook_key))


def _called_at(practice: Practice, hook_key: str) -> str:
    """Return our address for the provider, with a slash at its end; "" without a public one that it can reach."""
    base = public_address(practice)
    is_here = settings.GLEDE_TEXTS_TO_LOOPBACK and (urlsplit(base).hostname or "") in _LOOPBACK
    return f"{base}/hooks/sms/{hook_key}/http/" if base.startswith("https://") or is_here else ""


@dataclass(frozen=True, slots=True)
class Behind:
    """Whose address was called, and by which accounts the call may be proved, the newest first."""

    practice: Practice
    configs: tuple[HttpConfig, ...]


def accounts_behind(hook_key: str, now: datetime) -> Behind | None:
    """Return whose address this is, by `ChannelAccount` alone, or None. ``now`` is real time."""
    entry = ChannelAccount.objects.filter(channel="sms", endpoint=hook_key).select_related("practice").first()
    if entry is None:
        return None
    with scope.transaction(entry.practice_id):
        rows = TextAccount.objects.filter(practice_id=entry.practice_id, hook_key=hook_key, provider=PROVIDER)
        recent = [r for r in rows.order_by("-added_at") if r.ended_at is None or r.ended_at > now - LATE_REPORTS]
    return Behind(entry.practice, tuple(found for row in recent if (found := _usable(row, entry.practice))))


def _usable(account: TextAccount, practice: Practice) -> HttpConfig | None:
    try:
        return config_of(account, practice)
    except (InvalidToken, BadPolicy):
        return None


@dataclass(frozen=True, slots=True)
class DescribedCard:
    """What the settings page says of a described account; no secret but the one that stands in our own address.

    ``shipped_as`` is the name of the description that came with the house, "" for one of the practice's own, whose
    ``text`` is then YAML. The addresses are "" where the provider cannot reach us or does not call there.
    """

    name: str
    shipped_as: str
    text: str
    answers_to: str
    reports_to: str
    tells_arrival: bool


def described_card(practice_id: UUID) -> DescribedCard | None:
    """Return what may be shown of the described account in force, open or closed, or None."""
    with scope.transaction(practice_id):
        account = TextAccount.objects.filter(practice_id=practice_id, provider=PROVIDER, ended_at=None).first()
    config = _usable(account, practice_by_id(practice_id)) if account else None
    if account is None or config is None:
        return None
    raw = account.description
    own = next((name for name, text in shipped().items() if read_yaml(text) == raw), "")
    return DescribedCard(
        config.description.name, own, yaml.safe_dump(raw, sort_keys=False, allow_unicode=True), config.answer_url,
        config.reports_url, bool(config.called_at) and config.description.carries_our_id,
    )  # fmt: skip
