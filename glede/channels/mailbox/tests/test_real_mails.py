"""Real mails of other projects: right, refused with a reason, or held; never a traceback."""

import json
import os
from pathlib import Path

import pytest

from glede.channels.mailbox.bounces import Came, read_bounce
from glede.channels.mailbox.letter import parse
from glede.channels.mailbox.quotes import own_words
from glede.channels.mailbox.tests.scenes import bring
from glede.ledger.queries import verify
from tests.cast import House

BY_FOLDER = {"bounce": {"bounce"}, "autoreply": {"automatic"}, "feedback-loop": {"complaint"}}


@pytest.fixture
def folder() -> Path:
    """Where the mails lie; without them these tests say so and are left out."""
    data = os.environ.get("GLEDE_TEST_DATA")
    if not data or not (Path(data) / "mail").is_dir():
        pytest.skip("GLEDE_TEST_DATA names no folder with mails")
    return Path(data) / "mail"


def test_mails_that_came_back_by_rare_wordings(folder: Path) -> None:
    expected = json.loads((folder / "bounces-flufl/expected.json").read_text(encoding="utf-8"))
    wrong = []
    for one in expected:
        bounce = read_bounce(parse((folder / "bounces-flufl" / one["file"]).read_bytes()))
        told = one["test_expectations"][0]
        wanted = ({address.lower() for address in told["addresses"]}, told["temporary"])
        if bounce is None or (set(bounce.failed), bounce.came is Came.DELAYED) != wanted:
            wrong.append(one["file"])
    assert (len(expected), wrong) == (20, []), "at least 95 in 100"


def test_what_people_added_to_the_mail_they_answer(folder: Path) -> None:
    wrong = [
        path.name
        for path in sorted((folder / "reply-discourse/emails").iterdir())
        if own_words(path.read_text(encoding="utf-8")) != _trimmed(path)
    ]
    assert wrong == []


def _trimmed(path: Path) -> str:
    return (path.parent.parent / "trimmed" / path.name).read_text(encoding="utf-8").strip()


def test_every_real_mail_is_read_refused_or_held(folder: Path, house: House) -> None:
    paths = [p for kind in ("sisimai", "mime-ruby-mail", "bounces-flufl") for p in sorted((folder / kind).rglob("*.*"))]
    paths = [p for p in paths if p.suffix in {".eml", ".txt"}]
    came = bring(house, *(path.read_bytes() for path in paths))
    fates = dict(zip((f"{p.parent.name}/{p.name}" for p in paths), came, strict=True))
    assert len(fates) == 87
    assert {row.state for row in came} <= {"read", "refused", "held"}
    assert [name for name, row in fates.items() if row.state == "refused" and not row.reason] == []
    held = [name for name, row in fates.items() if row.state == "held"]
    assert len(held) <= len(fates) * 0.02, held
    missed = [
        n for n, row in fates.items() if n.split("/")[0] in BY_FOLDER and row.sort not in BY_FOLDER[n.split("/")[0]]
    ]
    assert missed == []
    assert [p for p in verify(house.id).problems if "channels" in p] == []


def test_a_notice_to_programs_is_a_mail_that_came_back(folder: Path) -> None:
    bounce = read_bounce(parse((folder / "sisimai/bounce/lhost-amazonses-10.eml").read_bytes()))
    assert bounce is not None
    assert (bounce.came, bounce.failed) == (Came.GONE, ("bounce@simulator.amazonses.com",))


def test_bare_texts_are_held_because_nobody_sent_them(folder: Path, house: House) -> None:
    came = bring(house, *(path.read_bytes() for path in sorted((folder / "reply-discourse/emails").iterdir())))
    assert {row.state for row in came} <= {"held", "read"}
