"""The morning of the walks and its browser, for the points that are measured there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from glede.config.postgres import Cluster
from tests.checklist.scene import Scene
from tests.database import clone, pointed_at
from tests.walks.conftest import CHROMIUM, browser_type_launch_args, morning, stage
from tests.walks.stage import Stage, served

__all__ = ["browser_type_launch_args", "morning", "stage"]


@pytest.fixture
def scene(
    request: pytest.FixtureRequest, cluster: Cluster, morning: tuple[str, Stage], django_db_blocker: Any, size: str
) -> Scene:
    """Return where everything is measured; ``elsewhere`` opens the same morning beside it."""
    if CHROMIUM is None:
        pytest.fail("the checklist needs Chromium: make chromium")
    numbers = count(1)

    @contextmanager
    def elsewhere() -> Iterator[Stage]:
        of, standing = morning
        name = f"{of}_{next(numbers)}"
        with clone(cluster, of, name), pointed_at(cluster, name), served() as address:
            yield replace(standing, address=address)

    with_stage: Stage = request.getfixturevalue("stage")
    return Scene(with_stage, request.getfixturevalue("browser"), size, elsewhere)
