"""Migrations in a fifth of the time: what an operation does not change is not built anew after it.

After every operation Django builds the classes of all models anew that are related to the one it touched; here that is
nearly all of them, because each row belongs to a practice. A new table needs its own class alone, as when an
application starts; an index or a constraint needs none. A migration in Python is still handed classes that are all
built afresh: ``is_delayed`` says that it must be. ``tests/platform/test_databases.py`` compares both databases.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState


class QuickState(ProjectState):
    """A project state that builds no more classes than the next operation asks for."""

    def add_model(self, model_state: ModelState) -> None:
        """Add a model, and build its class alone."""
        apps = self.__dict__.pop("apps", None)
        super().add_model(model_state)
        if apps is not None:
            self.__dict__["apps"] = apps
            apps.render_multiple([model_state])
            self.is_delayed = True

    def _append_option(self, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
        options = self.models[app_label, model_name].options
        self._set_option(app_label, model_name, option_name, [*options[option_name], obj])

    def _remove_option(self, app_label: str, model_name: str, option_name: str, obj_name: str) -> None:
        options = self.models[app_label, model_name].options
        left = [obj for obj in options[option_name] if obj.name != obj_name]
        self._set_option(app_label, model_name, option_name, left)

    def _set_option(self, app_label: str, model_name: str, option_name: str, objects: list[Any]) -> None:
        self.models[app_label, model_name].options[option_name] = objects
        if "apps" in self.__dict__:
            setattr(self.apps.get_model(app_label, model_name)._meta, option_name, objects)
            self.is_delayed = True

    def clone(self) -> "QuickState":
        """Return a copy, as Django does before each operation."""
        copy = super().clone()
        copy.__class__ = QuickState
        return copy  # type: ignore[return-value]


class QuickExecutor(MigrationExecutor):
    """Runs migrations over quick states."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> ProjectState:
        state: ProjectState = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        state.__class__ = QuickState
        return state


@contextmanager
def quickly() -> Iterator[None]:
    """Let Django's ``migrate`` run over quick states for a while."""
    own = MigrationExecutor
    setattr(migrate, own.__name__, QuickExecutor)
    try:
        yield
    finally:
        setattr(migrate, own.__name__, own)
