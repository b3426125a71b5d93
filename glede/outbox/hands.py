"""Hands of a bench: processes that begin together, each with connections of its own, and tell what they used."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from django.db import connection, connections

from glede.kernel import clock

Work = Callable[[int], dict[str, Any]]
FLAT = 1.1
"""What a process may hold at its end beside what it held after a tenth of its work."""


def together(hands: int, work: Work) -> tuple[float, list[dict[str, Any]]]:
    """Let so many processes do ``work(number)`` at once; return the seconds until all have, and what each told.

    Raises ``RuntimeError`` with the words of a hand that failed.
    """
    connections.close_all()  # nobody shares a connection with their parent
    context, pipes, processes = get_context("fork"), [], []
    for number in range(hands):
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, number, work), daemon=True)
        process.start()
        pipes.append(ours)
        processes.append(process)
    for pipe in pipes:
        pipe.recv()
    began = clock.monotonic()
    for pipe in pipes:
        pipe.send("go")
    told = [pipe.recv() for pipe in pipes]
    took = clock.monotonic() - began
    for process in processes:
        process.join()
    for one in told:
        if "failed" in one:
            raise RuntimeError(one["failed"])
    return took, told


def _work(pipe: Connection, number: int, work: Work) -> None:
    try:
        connection.ensure_connection()
        pipe.send("ready")
        pipe.recv()
        pipe.send(work(number))
    except Exception as error:
        pipe.send({"failed": f"{type(error).__name__}: {error}"})
    finally:
        connections.close_all()


def memory() -> float:
    """Return the megabytes this process holds at this moment."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return int(told.partition("VmRSS:")[2].split()[0]) / 1024


def is_flat(early: float, late: float) -> bool:
    """Whether a process held no more memory at its end, in megabytes, than early on, but for some room."""
    return late <= FLAT * early
