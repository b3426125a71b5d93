"""An IMAP server on loopback, as much of RFC 3501 as a reader needs, which does wrong what it is told to.

It writes down every command, so that a test can show that nothing was changed.
"""

from __future__ import annotations

import re
import socketserver
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

USER, PASSWORD = "post@solberg.example", "a good long password"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
HANG_UP = "hang up"
Fault = Callable[[str, str], str | None]
"""Given a command and its words: an answer in place of the true one ("NO …", "BAD …"), ``HANG_UP``, or None."""


@dataclass(slots=True)
class Kept:
    """A mail as it lies on the server."""

    uid: int
    raw: bytes
    came_at: datetime


@dataclass
class Mailserver:
    """One account with one mailbox."""

    port: int = 0
    uidvalidity: int = 1
    uidnext: int = 1
    mails: list[Kept] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    fault: Fault | None = None
    hides: set[int] = field(default_factory=set)
    says_uidnext: bool = True

    def put(self, raw: bytes, came_at: datetime) -> int:
        """Let a mail come in, and return its uid."""
        self.mails.append(Kept(self.uidnext, raw, came_at))
        self.uidnext += 1
        return self.uidnext - 1

    def number_anew(self) -> None:
        """Forget all uids, as a server does whose index was lost."""
        self.uidvalidity += 1
        for uid, mail in enumerate(self.mails, start=1):
            mail.uid = uid
        self.uidnext = len(self.mails) + 1

    def seen(self) -> list[Kept]:
        """What a search finds."""
        return [mail for mail in self.mails if mail.uid not in self.hides]


class _Talk(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        """Answer commands until the other side leaves, or we are told to hang up."""
        with suppress(OSError):
            self.say("* OK [CAPABILITY IMAP4rev1] ready")
            for line in self.rfile:
                if not self.answer(line.decode("utf-8", "replace").rstrip("\r\n")):
                    return

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def answer(self, line: str) -> bool:
        tag, _, rest = line.partition(" ")
        command, _, words = rest.partition(" ")
        if command.upper() == "UID":
            verb, _, words = words.partition(" ")
            command = f"UID {verb}"
        command = command.upper()
        server: Mailserver = self.server.kept  # type: ignore[attr-defined]
        server.commands.append(f"{command} {words}" if command != "LOGIN" else command)
        told = server.fault(command, words) if server.fault else None
        if told == HANG_UP:
            return False
        if told is None:
            told = getattr(self, f"do_{command.replace(' ', '_').lower()}", lambda *_: "BAD unknown")(server, words)
        self.say(f"{tag} {told} done")
        return command != "LOGOUT"

    def do_capability(self, server: Mailserver, words: str) -> str:
        self.say("* CAPABILITY IMAP4rev1")
        return "OK"

    def do_login(self, server: Mailserver, words: str) -> str:
        return "OK" if words == f'"{USER}" "{PASSWORD}"' else "NO wrong"

    def do_logout(self, server: Mailserver, words: str) -> str:
        self.say("* BYE")
        return "OK"

    def do_examine(self, server: Mailserver, words: str) -> str:
        if words.strip('"') != "INBOX":
            return "NO no such mailbox"
        self.say(f"* {len(server.mails)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {server.uidvalidity}] as ever")
        if server.says_uidnext:
            self.say(f"* OK [UIDNEXT {server.uidnext}] next")
        return "OK [READ-ONLY] done"

    def do_uid_search(self, server: Mailserver, words: str) -> str:
        by_uid = re.fullmatch(r"UID (\d+|\*)(?::(\d+|\*))?", words)
        found = server.seen()
        if by_uid:
            last = max((mail.uid for mail in found), default=0)
            low, high = (last if end in {"*", None} else int(end) for end in (by_uid[1], by_uid[2] or by_uid[1]))
            low, high = min(low, high), max(low, high)
            found = [mail for mail in found if low <= mail.uid <= high]
        else:
            day, month, year = words.removeprefix("SINCE ").split("-")
            since = datetime(int(year), MONTHS.index(month) + 1, int(day), tzinfo=UTC)
            found = [mail for mail in found if mail.came_at >= since]
        self.say(" ".join(["* SEARCH", *(str(mail.uid) for mail in found)]))
        return "OK"

    def do_uid_fetch(self, server: Mailserver, words: str) -> str:
        uids, _, what = words.partition(" ")
        wanted = {int(uid) for uid in uids.split(",")}
        for place, mail in enumerate(server.mails, start=1):
            if mail.uid in wanted:
                self.show(place, mail, what)
        return "OK"

    def show(self, place: int, mail: Kept, what: str) -> None:
        if "BODY.PEEK" not in what:
            at = mail.came_at.astimezone(UTC)
            when = f"{at.day:2d}-{MONTHS[at.month - 1]}-{at.year} {at:%H:%M:%S} +0000"
            self.say(f'* {place} FETCH (UID {mail.uid} RFC822.SIZE {len(mail.raw)} INTERNALDATE "{when}")')
            return
        raw = mail.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in what else mail.raw
        self.wfile.write(f"* {place} FETCH (UID {mail.uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


@contextmanager
def mailserver() -> Iterator[Mailserver]:
    """Serve on a free port of this machine alone."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        kept = Mailserver(port=server.server_address[1])
        server.kept = kept  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()


def a_mail(
    words: str = "Kan jeg komme litt senere?", *, sender: str = "kari.moe@example.org", subject: str = "Timen min",
    ref: str = "", **headers: Any,
) -> bytes:  # fmt: skip
    """Return a mail as it lies on the wire."""
    lines = [f"From: {sender}", "To: hei@solberg.example", f"Subject: {subject}"]
    lines += [f"Message-ID: {ref}"] if ref else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return ("\r\n".join(lines) + f"\r\n\r\n{words}\r\n").encode()


def earlier(moment: datetime, **before: float) -> datetime:
    """Return a moment before another."""
    return moment - timedelta(**before)
