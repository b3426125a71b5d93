"""What every test gets. The environment and the databases come from ``tests/`` (see pyproject.toml)."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from hypothesis import HealthCheck, settings

from tests.database import (
    cluster,
    django_db_setup,
    nothing_is_flushed,
    own_database,
    pytest_collection_modifyitems,
    pytest_sessionstart,
    pytest_unconfigure,
    template_database,
)
from tests.depth import DEPTH

__all__ = [
    "cluster",
    "django_db_setup",
    "nothing_is_flushed",
    "own_database",
    "pytest_collection_modifyitems",
    "pytest_sessionstart",
    "pytest_unconfigure",
    "template_database",
]

settings.register_profile(
    "glede",
    derandomize=DEPTH == 1,
    database=None,
    deadline=None,
    max_examples=25 if DEPTH == 1 else 100 * DEPTH,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("glede")

# A quarter of a second for each password is what a guesser shall pay, not each test; what is kept has the same form.
PBKDF2PasswordHasher.iterations = 1_000
