"""What a colleague presses and may want back: each verb, how it is pressed, and where its way back stands."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client

from glede.inbox.queries import conversation_of
from glede.outbox.queries import of_subject
from glede.people.queries import next_alike
from glede.promises.queries import open_promises
from tests.walks.stage import Stage

BACK = re.compile(r'<glede-undo[^>]*>(?:(?!</glede-undo>).)*data-key="z"', re.DOTALL)
Press = Callable[[Stage], tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Verb:
    """One verb: the address and the fields of its press, and who presses it."""

    name: str
    press: Press
    who: str = "sofie"

    def offers(self, stage: Stage, client: Client) -> bool:
        """Press it, and return whether the page that follows offers it back."""
        path, fields = self.press(stage)
        answer = client.post(path, fields, follow=True)
        return answer.status_code == 200 and bool(BACK.search(answer.content.decode()))


def visit(name: str, act: str, **fields: str) -> Press:
    """Return the press of a verb of somebody's visit."""
    return lambda stage: (f"/visits/{stage.visits[name]}/{act}/", fields)


def _promise(kind: str, act: str, **fields: str) -> Press:
    def press(stage: Stage) -> tuple[str, dict[str, Any]]:
        owed = next(one for one in open_promises(stage.house.id) if one.kind == kind)
        given = {name: str(stage.house.colleagues.get(word, word)) for name, word in fields.items()}
        return f"/promises/{owed.id}/{act}/", given

    return press


def _move(stage: Stage) -> tuple[str, dict[str, Any]]:
    return f"/visits/{stage.visits['kari']}/move/", {"slot": f"2026-11-26T14:00|{stage.house.chairs['amal']}"}


def _message(act: str) -> Press:
    def press(stage: Stage) -> tuple[str, dict[str, Any]]:
        lines = of_subject(stage.house.id, "appointment", stage.visits["per"], now=stage.now())
        waiting = next(line for line in lines if line.fate in {"waits", "planned", "held"} or not line.sent_at)
        return f"/outbox/{waiting.message_id}/{act}/", {}

    return press


def _no_reply(stage: Stage) -> tuple[str, dict[str, Any]]:
    talk = conversation_of(stage.house.id, stage.house.people["sunniva"]).conversation_id
    return f"/conversations/{talk}/no-reply/", {"reason": "answered_by_phone"}


def _two(stage: Stage) -> tuple[str, dict[str, Any]]:
    alike = next_alike(stage.house.id, now=stage.now())
    assert alike
    return "/people/twice/answer/", {"keep": str(alike.first), "other": str(alike.second), "answer": "two"}


def _note(stage: Stage) -> tuple[str, dict[str, Any]]:
    return f"/people/{stage.house.people['kari']}/note/", {"words": "Ask how she likes them in 2 weeks"}


def _plan(stage: Stage) -> tuple[str, dict[str, Any]]:
    return f"/people/{stage.house.people['per']}/next-visit/", {"months": "12", "reason": "other", "words": "A look"}


VERBS = (
    Verb("arrived", visit("jonas", "arrival")),
    Verb("shown in", visit("jonas", "start")),
    Verb("did not come", visit("mette", "absence")),
    Verb("cancelled", visit("per", "cancellation", reason="time")),
    Verb("moved", _move),
    Verb("handed over", _promise("call", "owner", owner="amal")),
    Verb("needs no reply", _no_reply),
    Verb("held back", _message("hold")),
    Verb("a day in a note", _note),
    Verb("next visit", _plan),
    Verb("two people", _two),
    Verb("away", lambda _: ("/away/", {})),
)
