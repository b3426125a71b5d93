"""A receipt leads to the signed root; the program that stands alone says the same, and is not fooled."""

import copy
import json
import random
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from glede.kernel.actor import SYSTEM
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger import checkpoints, notes, operations
from glede.ledger.operations import make_checkpoint
from glede.ledger.receipts import receipt_of
from glede.ledger.tests.test_ledger import NOW, a_practice, book
from glede.portal.ledger.presenters import receipt_file
from tests.depth import DEPTH, count

RECEIPTS = count(10_000) if DEPTH > 1 else 100
SEED = 20261122
CHECKER = Path(__file__).parents[3] / "scripts/check_receipt.py"


@pytest.fixture(scope="module")
def checker():
    return runpy.run_path(str(CHECKER))


def filed(practice_id, subject, receipt):
    """Return the receipt as the file has it."""
    events = [
        {"seq": e.happening.seq, "body": e.body.decode(), "leaf": e.leaf.hex(), "path": [s.hex() for s in e.path]}
        for e in receipt.entries
    ]
    signed = receipt.signed
    checkpoint = {"note": signed.text, "key": signed.public_key.hex(), "signature": signed.signature.hex()}
    return {"practice": str(practice_id), "booking": str(subject.id), "events": events, "checkpoint": checkpoint}


def wrong(checker, facts, *fingerprint):
    return [words for is_wrong, words in checker["problems_of"](facts, *fingerprint) if is_wrong]


@pytest.mark.django_db
class TestReceipts:
    @pytest.mark.parametrize("others", [0, 1, 7, 8, 15])
    def test_each_verifies_wherever_the_tiles_end(self, checker, monkeypatch, others):
        monkeypatch.setattr(checkpoints, "TILE", 4)
        practice_id, subjects = a_practice(), []
        for _ in range(others + 1):
            subjects.append(Ref("appointment", new_id()))
            book(practice_id, subjects[-1], day="2026-11-26")
        assert make_checkpoint(practice_id, at=NOW)
        for subject in subjects:
            receipt = receipt_of(practice_id, subject)
            assert receipt.is_whole
            assert receipt.signed
            facts = filed(practice_id, subject, receipt)
            assert wrong(checker, facts, notes.fingerprint(receipt.signed.public_key)) == []

    def test_what_is_younger_than_the_checkpoint_has_no_path_yet(self):
        practice_id, subject = a_practice(), Ref("appointment", new_id())
        assert receipt_of(practice_id, subject).signed is None
        assert make_checkpoint(practice_id, at=NOW)
        book(practice_id, subject)
        (entry,) = receipt_of(practice_id, subject).entries
        assert entry.path is None

    def test_tiles_that_are_not_those_of_the_tree_make_no_receipt(self, monkeypatch):
        monkeypatch.setattr(checkpoints, "TILE", 2)
        practice_id, subject = a_practice(), Ref("appointment", new_id())
        book(practice_id, subject)
        for _ in range(4):
            book(practice_id, Ref("appointment", new_id()))
        assert make_checkpoint(practice_id, at=NOW)
        monkeypatch.setattr(checkpoints, "TILE", 3)
        receipt = receipt_of(practice_id, subject)
        assert not receipt.is_whole
        assert receipt.entries[0].path is None

    def test_the_checker_is_not_fooled(self, checker):
        practice_id, subject = a_practice(), Ref("appointment", new_id())
        for _ in range(5):
            book(practice_id, Ref("appointment", new_id()))
        book(practice_id, subject, day="2026-11-26")
        assert make_checkpoint(practice_id, at=NOW)
        facts = filed(practice_id, subject, receipt_of(practice_id, subject))
        assert wrong(checker, facts) == []
        for bend in BENDS:
            bent = copy.deepcopy(facts)
            bend(bent)
            assert wrong(checker, bent), bent
        assert wrong(checker, facts, "0000 0000 0000 0000") == ["that is the key you were given"]


def _bend(part, key, old, new):
    def bend(facts):
        holder = facts["events"][0] if part == "event" else facts[part] if part else facts
        assert old == "" or old in holder[key]
        holder[key] = new if old == "" else holder[key].replace(old, new)

    return bend


BENDS = [
    _bend("event", "body", "2026-11-26", "2026-11-27"),
    _bend("event", "leaf", "", "00" * 32),
    _bend("event", "path", "", []),
    _bend("event", "path", "", None),
    _bend("event", "seq", "", 1),
    _bend("checkpoint", "note", "number ", "number 9"),
    _bend("checkpoint", "signature", "", "00" * 64),
    _bend("checkpoint", "key", "", "00" * 32),
    _bend("", "booking", "", "another"),
    _bend("", "practice", "", "00000000-0000-0000-0000-000000000000"),
    _bend("", "events", "", []),
]


# RFC 8032, section 7.1, tests 1 to 3: key, message, signature.
SIGNED = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]  # fmt: skip


def test_the_checkers_signatures_are_those_of_the_standard(checker):
    for key, message, signature in (tuple(map(bytes.fromhex, one)) for one in SIGNED):
        assert checker["is_signed"](key, message, signature)
        assert not checker["is_signed"](key, message + b"x", signature)


def test_the_checker_is_short_and_answers_anything(checker, tmp_path, capsys):
    assert len(CHECKER.read_text().splitlines()) <= 150
    for words in ("", "{}", "[]", json.dumps({"checkpoint": None})):
        path = tmp_path / "receipt.json"
        path.write_text(words)
        assert checker["main"]([str(path)]) == 1
    assert checker["main"]([]) == 2
    assert "NOT whole" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_fingerprint_may_be_written_as_the_page_shows_it(checker, tmp_path):
    practice_id, visit, path = a_practice(), Ref("appointment", new_id()), tmp_path / "receipt.json"
    book(practice_id, visit, day="2026-11-26")
    assert make_checkpoint(practice_id, at=NOW)
    receipt = receipt_of(practice_id, visit)
    path.write_text(receipt_file(receipt, practice_id, visit.id))
    assert receipt.signed is not None
    groups = notes.fingerprint(receipt.signed.public_key).split()
    assert len(groups) == 4
    for key in (groups, [" ".join(groups)], ["".join(groups).upper()]):
        assert checker["main"]([str(path), *key]) == 0
    assert checker["main"]([str(path), *groups[:3], "0000"]) == 1


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.django_db
def test_every_receipt_of_a_practice_verifies_alone_and_a_bent_one_does_not(checker, monkeypatch, tmp_path):
    """Bookings over several tiles and checkpoints; each receipt is checked, some by a process of its own."""
    if DEPTH == 1:
        monkeypatch.setattr(checkpoints, "TILE", 32)
    practice_id, visits = a_practice(), [Ref("appointment", new_id()) for _ in range(RECEIPTS)]
    for first in range(0, RECEIPTS, 500):
        with operations.act(practice_id, by=SYSTEM, now=NOW) as act:
            for visit in visits[first : first + 500]:
                act.record("diary.appointment.booked", subject=visit, data={"day": "2026-11-26", "at": "09:00"})
        assert make_checkpoint(practice_id, at=NOW)
    dice, path = random.Random(SEED), tmp_path / "receipt.json"
    for number, visit in enumerate(visits):
        words = receipt_file(receipt_of(practice_id, visit), practice_id, visit.id)
        facts = json.loads(words)
        assert wrong(checker, facts) == [], number
        if number % 50 == 0:
            path.write_text(words)
            alone = subprocess.run([sys.executable, "-I", str(CHECKER), str(path)], capture_output=True, check=False)
            assert (alone.returncode, alone.stderr) == (0, b""), number
            dice.choice(BENDS)(facts)
            assert wrong(checker, facts), number
