"""Two practices in one database, so that every test can ask whether the other sees anything."""

import pytest

from tests import cast


@pytest.fixture
def solberg(db: None) -> cast.House:
    """Solberg Optikk with Kari alone."""
    return cast.open_solberg("kari")


@pytest.fixture
def nordlys(db: None) -> cast.House:
    """The other practice, with its own Kari Moe."""
    return cast.open_nordlys()
