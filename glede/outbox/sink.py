"""A mail server on loopback that takes everything and keeps nothing: what the benchmark sends to.

``python -m glede.outbox.sink`` prints its port and serves until it is ended.
"""

import asyncio
import sys


async def serve() -> None:
    """Serve on a free port of this machine alone."""
    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=1 << 20)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say yes to everything, until the other side has had enough."""
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"QUIT":
            break
        if word == b"EHLO":
            writer.write(b"250-sink\r\n250 PIPELINING\r\n")
            continue
        if word == b"DATA":
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
        writer.write(b"250 fine\r\n")
    writer.close()


if __name__ == "__main__":
    asyncio.run(serve())
