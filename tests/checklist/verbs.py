"""What a colleague presses and may want back: each verb, how it is pressed, and where its way back stands."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client

from glede.inbox.queries import conversation_of
from glede.outbox.queries import WILL_GO, of_subject
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


def _hold(stage: Stage) -> tuple[str, dict[str, Any]]:
    lines = (of_subject(stage.house.id, "appointment", key, now=stage.now()) for key in stage.visits.values())
    waiting = next(line for some in lines for line in some if line.fate == WILL_GO)
    return f"/outbox/{waiting.message_id}/hold/", {}


def _missed(stage: Stage) -> tuple[str, dict[str, Any]]:
    stage.clock(stage.at("11:25"))
    return visit("mette", "absence")(stage)


def _no_reply(stage: Stage) -> tuple[str, dict[str, Any]]:
    talk = conversation_of(stage.house.id, stage.house.people["sunniva"]).conversation_id
    return f"/conversations/{talk}/no-reply/", {"reason": "rang", "note": "Said yes."}


def _two(stage: Stage) -> tuple[str, dict[str, Any]]:
    alike = next_alike(stage.house.id, now=stage.now())
    assert alike
    return "/people/twice/answer/", {"keep": str(alike.first), "other": str(alike.second), "answer": "two"}


def _note(stage: Stage) -> tuple[str, dict[str, Any]]:
    return f"/people/{stage.house.people['kari']}/note/", {
        "words": "Ask how she likes them in 2 weeks",
        "day": "2026-12-08",
    }


def _plan(stage: Stage) -> tuple[str, dict[str, Any]]:
    return f"/people/{stage.house.people['per']}/next-visit/", {"months": "12", "reason": "other", "words": "A look"}


VERBS = (
    Verb("arrived", visit("jonas", "arrival")),
    Verb("shown in", visit("jonas", "start")),
    Verb("cancelled", visit("per", "cancellation", reason="time")),
    Verb("moved", _move),
    Verb("handed over", _promise("call", "owner", owner="amal")),
    Verb("needs no reply", _no_reply),
    Verb("held back", _hold),
    Verb("a day in a note", _note),
    Verb("next visit", _plan),
    Verb("two people", _two),
    Verb("away", lambda _: ("/away/", {})),
    Verb("did not come", _missed),
)
