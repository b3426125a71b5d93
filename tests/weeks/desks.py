"""Two colleagues at two desks: what they do is what the pages call, and every fourth time the pages themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.test import Client

from glede.inbox import operations as inbox
from glede.inbox.closing import NotClosable
from glede.inbox.queries import Unanswered, standing_at_closing, unanswered
from glede.promises import operations as promises
from glede.promises.queries import Owed, away, open_promises
from tests.cast import House
from tests.seats import at_desk

BY_PAGE = 0.25
ACTS = (
    "answers",
    "answers",
    "answers",
    "answers",
    "begins",
    "hands",
    "needs_none",
    "steps_away",
    "comes_back",
    "calms",
)


@dataclass
class Desk:
    """A colleague, with a browser of their own."""

    house: House
    who: str
    dice: Random
    browser: Client

    def acts(self, now: datetime) -> None:
        """Do one thing, or nothing where there is nothing to do."""
        getattr(self, self.dice.choice(ACTS))(now)

    @property
    def given(self) -> dict[str, Any]:
        """Return the practice and who acts."""
        return {"practice_id": self.house.id, "by": self.house.by(self.who)}

    def waiting(self) -> list[Unanswered]:
        """Return who waits, the most urgent first."""
        return unanswered(self.house.id)

    def strays(self) -> list[Owed]:
        """Return what came from numbers nobody is known by."""
        return [o for o in open_promises(self.house.id, kinds=["answer"]) if o.subject.kind == "stray"]

    def answers(self, now: datetime) -> None:
        """Answer the next who waits; place words whose writer is found."""
        strays, waiting = self.strays(), self.waiting()
        if strays and self.dice.random() < 0.5:
            self._settles(strays[0], now)
        elif waiting:
            self._replies(waiting[0], now)

    def _settles(self, stray: Owed, now: datetime) -> None:
        given = {**self.given, "stray_id": stray.subject.id, "now": now}
        if self.dice.random() < 0.5:
            inbox.close_stray(note="wrong number", **given)
        else:
            inbox.place_stray(patient_id=self.house.people["jonas"], **given)

    def _replies(self, one: Unanswered, now: datetime) -> None:
        words = "Yes, of course. Ring us if it cannot wait."
        if self.dice.random() < BY_PAGE:
            form = {"words": words, "answers_to": one.last_n}
            assert self.browser.post(f"/conversations/{one.conversation_id}/reply/", form).status_code == 302
            return
        inbox.reply(conversation_id=one.conversation_id, words=words, answers_to=one.last_n, now=now, **self.given)

    def begins(self, now: datetime) -> None:
        """Begin an answer and leave it."""
        for one in self.waiting()[:1]:
            if self.dice.random() < BY_PAGE:
                self.browser.post(f"/conversations/{one.conversation_id}/draft/", {"words": "Dear"})
            else:
                inbox.save_draft(conversation_id=one.conversation_id, words="Dear", now=now, **self.given)

    def hands(self, now: datetime) -> None:
        """Hand the last of the queue to a colleague, or to everybody."""
        owed = open_promises(self.house.id, kinds=["answer"])
        if not owed:
            return
        keeper = self.dice.choice(["marius", "amal", ""])
        if self.dice.random() < BY_PAGE:
            self.browser.post(f"/promises/{owed[-1].id}/owner/", {"to": keeper, "note": "please"})
            return
        owner = self.house.colleagues.get(keeper)
        promises.hand_promise(promise_id=owed[-1].id, owner_id=owner, note="please", now=now, **self.given)

    def needs_none(self, now: datetime) -> None:
        """Close one that asks nothing; what may be urgent is refused, and stays."""
        for one in self.waiting()[-1:]:
            given = {**self.given, "conversation_id": one.conversation_id, "now": now}
            try:
                inbox.close_without_reply(reason="thanks_only", **given)
            except NotClosable:
                inbox.close_without_reply(reason="rang", note="Spoke with them", **given)

    def calms(self, now: datetime) -> None:
        """Let the clinician say of one that it is not urgent."""
        for one in self.waiting()[:1]:
            if one.tier < 5:
                inbox.lower_urgency(
                    practice_id=self.house.id, conversation_id=one.conversation_id, assesses_to=one.last_n,
                    reason="Known since spring", by=self.house.by("amal"), now=now,
                )  # fmt: skip

    def steps_away(self, now: datetime) -> None:
        """Leave the desk."""
        promises.step_away(now=now, **self.given)

    def comes_back(self, now: datetime) -> None:
        """Be here again."""
        if self.house.colleagues[self.who] in away(self.house.id):
            promises.step_back(now=now, **self.given)

    def closes(self, now: datetime) -> int:
        """End the day: answer half of what stands, give the rest a name and a time; return how many were handed."""
        self.comes_back(now)
        standing = standing_at_closing(self.house.id, now=now).waiting
        by_conversation = {one.conversation_id: one for one in self.waiting()}
        handed = 0
        for owed in standing:
            one = by_conversation.get(owed.subject.id)
            if one is not None and self.dice.random() < 0.5:
                self._replies(one, now)
            else:
                self._gives(owed, now)
                handed += 1
        self.browser.post("/closing/")
        return handed

    def _gives(self, owed: Owed, now: datetime) -> None:
        morning = now + timedelta(hours=17)
        form = {
            "owner": str(self.house.colleagues[self.dice.choice(["marius", "amal", self.who])]),
            "day": morning.date().isoformat(), "hour": "10:00",
        }  # fmt: skip
        assert self.browser.post(f"/promises/{owed.id}/keeper/", form).status_code == 302


def two_desks(house: House, dice: Random) -> list[Desk]:
    """Seat the receptionist and the dispensing optician."""
    return [Desk(house, who, dice, at_desk(house, who)) for who in ("ingrid", "marius")]
