"""Sockets the supervisor holds open, and whether somebody answers behind them."""

import http.client
import socket
import ssl
from pathlib import Path

from glede.config.terminal import Refused, Terminal


def free_socket(host: str, port: int, terminal: Terminal) -> socket.socket:
    """Listen on ``port``, or the next one that is free; 0 takes any. Raises ``Refused``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in [port, *range(port + 1, port + 20), 0] if port else [0]:
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, candidate))
        except OSError as error:
            listening.close()
            if not candidate:
                raise Refused(f"Glede cannot listen on {host}: {error.strerror}. Look at GLEDE_BIND.") from error
            continue
        listening.listen(128)
        taken = listening.getsockname()[1]
        if port and taken != port:
            terminal.say(f"Port {port} is busy, so Glede takes {taken}.")
        return listening
    raise Refused(f"No free port on {host}.")


def answers(host: str, port: int, authority: Path | None = None) -> bool:
    """Return True where a page is answered, over TLS where an ``authority`` is named."""
    connection = _connection(host, port, authority)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        connection.close()


def _connection(host: str, port: int, authority: Path | None) -> http.client.HTTPConnection:
    if authority is None:
        return http.client.HTTPConnection(host, port, timeout=5)
    return http.client.HTTPSConnection(host, port, timeout=5, context=ssl.create_default_context(cafile=str(authority)))
