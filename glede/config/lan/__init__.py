"""Glede on the practice's own network: its names, its certificates, the plain page that tells how to trust them.

``glede run --lan`` serves every desk over TLS with a certificate of this house, signed by an authority that is made
once and stays. Nothing here imports Django but ``neighbours``: the supervisor and the door stay small.
"""

from pathlib import Path

from glede.config import environment

FOLDER = "lan"
NAMES = "GLEDE_LAN_NAMES"
"""Set by the supervisor for its children: what this house answers to, the first being the one to show."""
TLS_PORT = 8443


def folder() -> Path:
    """Return where certificates and the door's page lie: ``lan`` in ``GLEDE_HOME``."""
    return environment.home() / FOLDER
