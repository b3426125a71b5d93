"""A mail server on loopback inside the test's own process: it keeps each mail as it stood on the wire."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP


class Mailbox:
    """Accepts everything. ``mails`` are its envelopes, the oldest first."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.url = ""

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's word
        """Keep it and say so."""
        self.mails.append(envelope)
        return "250 kept"


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Serve on a free port of this machine alone."""
    kept, loop = Mailbox(), asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: SMTP(kept, hostname="loopback"), "127.0.0.1", 0))
    kept.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
