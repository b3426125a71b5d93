"""``glede diary prove``: what somebody needs who does not believe us."""

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from glede.config.commands.diary._finding import visit_id
from glede.config.terminal import Refused, Terminal

if TYPE_CHECKING:
    from glede.practices.models import Practice

HELP = "write a visit's receipt with its proof, the signed checkpoint, and the program that checks them"


def register(parser: argparse.ArgumentParser) -> None:
    """Take the code of the visit and where to write."""
    parser.add_argument("code", metavar="CODE", help="the receipt code: the 13 letters and digits of the visit's link")
    parser.add_argument("--out", metavar="DIR", default=".", help="the folder to write to; made where it is missing")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Sign what is not signed yet, and write the files; exit 1 where the record is not as it was signed."""
    from glede.config.choosing import chosen_practice
    from glede.kernel.ref import Ref
    from glede.ledger.notes import fingerprint, letter
    from glede.ledger.receipts import receipt_of
    from glede.portal.ledger.presenters import receipt_file

    practice = chosen_practice(args.practice)
    visit = visit_id(practice.pk, args.code)
    _sign(practice)
    receipt = receipt_of(practice.pk, Ref("appointment", visit))
    if receipt.signed is None or not receipt.is_whole:
        raise Refused("The record is not as it was signed, so nothing can be proved by it. glede verify tells more.")
    files = {
        "receipt.json": receipt_file(receipt, practice.pk, visit),
        "checkpoint.txt": letter(receipt.signed),
    }
    written = _write(Path(args.out), files)
    key = fingerprint(receipt.signed.public_key)
    facts = {
        "visit": str(visit),
        "events": len(receipt.entries),
        "checkpoint_size": receipt.size,
        "fingerprint": key,
        "files": [str(path) for path in written],
    }
    said = ", ".join(path.name for path in written)
    terminal.answer(
        facts,
        f"{len(receipt.entries)} events, each led to the signed root over {receipt.size}: {said} in {args.out}.\n"
        f"Anybody checks it with: python3 check_receipt.py receipt.json {key.replace(' ', '')}",
    )
    return 0


def _sign(practice: "Practice") -> None:
    from django.db import IntegrityError

    from glede.ledger.checkpoints import RecordDiffers
    from glede.ledger.signing import sign_record
    from glede.practices.queries import practice_now

    try:
        sign_record(practice, at=practice_now(practice))
    except IntegrityError:
        pass  # the worker was quicker
    except (RecordDiffers, ValueError) as difference:
        raise Refused(f"Nothing is signed any more: {difference}. glede verify tells more.") from difference


def _write(folder: Path, files: dict[str, str]) -> list[Path]:
    from django.conf import settings

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, words in files.items():
        (folder / name).write_text(words, encoding="utf-8")
        written.append(folder / name)
    checker = Path(settings.PACKAGE).parent / "scripts/check_receipt.py"
    if checker.exists():
        written.append(Path(shutil.copy(checker, folder)))
    return written
