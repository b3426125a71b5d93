"""First names: which belong to one person by habit, and which are names of two."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib import resources

import yaml

from glede.kernel.text import fold

BEARERS = 3
"""A spelling that three people of other last names bear is a name and no slip of the pen."""


@cache
def _book() -> dict[str, list[str]]:
    words: dict[str, list[str]] = yaml.safe_load((resources.files(__package__) / "names.yaml").read_text("utf-8"))
    return words


@cache
def everyday() -> dict[str, frozenset[str]]:
    """Return for each first name the groups of names it may stand for: "liv" is none, "bob" is Robert's."""
    groups: dict[str, set[str]] = {}
    for line in _book()["everyday"]:
        names = [fold(name) for name in line.split()]
        for name in names:
            groups.setdefault(name, set()).add(names[0])
    return {name: frozenset(held) for name, held in groups.items()}


@cache
def common() -> frozenset[str]:
    """Return first names that are common in Norway or in English-speaking countries, folded."""
    listed = {fold(name) for line in _book()["common"] for name in line.split()}
    return frozenset(listed | everyday().keys())


def borne(names: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the first names that at least ``BEARERS`` people of different last names bear: (given, family), folded."""
    families: dict[str, set[str]] = {}
    for given, family in names:
        if given:
            families.setdefault(given.split()[0], set()).add(family)
    return frozenset(name for name, held in families.items() if len(held) >= BEARERS)


def share(names: Iterable[str]) -> dict[str, float]:
    """Return the share of people who bear a name, of those who have one."""
    counted = Counter(name for name in names if name)
    total = counted.total()
    return {name: n / total for name, n in counted.items()}
