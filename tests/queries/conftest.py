"""The practice of 50,000 people, for the tests of this folder."""

from collections.abc import Iterator
from typing import Any

import pytest

from glede.config.benches.world import World
from glede.config.postgres import Cluster
from tests.queries.scale import Scale, scale_of


@pytest.fixture(scope="session")
def scale(cluster: Cluster, template_database: str, django_db_blocker: Any) -> Scale:
    """Return the database of 50,000 people."""
    with django_db_blocker.unblock():
        return scale_of(cluster, template_database)


@pytest.fixture
def world(scale: Scale, django_db_blocker: Any) -> Iterator[World]:
    """Be in it for one test, as the application's role; whatever is written is rolled back."""
    with django_db_blocker.unblock(), scale.entered() as world:
        yield world
