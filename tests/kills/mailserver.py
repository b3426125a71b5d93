"""A mail server on loopback that writes down each message it accepts, and can be slow to say so.

    python -m tests.kills.mailserver LOG PORTFILE DELAY_SECONDS

A message stands in LOG (one JSON object a line) before its sender is answered, as with any mail server: from
then on it is delivered, whether or not the sender lives to hear it.
"""

import asyncio
import json
import sys
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope


class Keeper:
    """Accepts everything, in writing."""

    def __init__(self, log: Path, delay: float) -> None:
        self.log = log.open("a", buffering=1, encoding="utf-8")
        self.delay = delay

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's word
        """Write down, wait, answer."""
        await asyncio.sleep(self.delay / 2)
        parsed = message_from_bytes(envelope.original_content or b"")
        line = {"to": envelope.rcpt_tos, "from": envelope.mail_from, "ref": parsed["Message-ID"]}
        self.log.write(json.dumps(line) + "\n")
        await asyncio.sleep(self.delay / 2)
        return "250 kept"


async def main(log: Path, port_file: Path, delay: float) -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    keeper = Keeper(log, delay)
    server = await loop.create_server(lambda: SMTP(keeper, hostname="loopback"), "127.0.0.1", 0)
    port_file.write_text(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])))
