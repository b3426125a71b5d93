"""Which practice a command is about."""

from glede.config.terminal import Refused
from glede.practices.models import Practice
from glede.practices.queries import NoSuchPractice, practice_by_slug, practices_in_use


def chosen_practice(slug: str | None) -> Practice:
    """Return the practice named, or the only one. Raises ``Refused`` with the names to choose from."""
    if slug:
        return _named(slug)
    there = practices_in_use()
    if len(there) == 1:
        return there[0]
    if not there:
        raise Refused("There is no practice yet. Make one: glede init --practice NAME --country NO --language nb")
    raise Refused(f"Say which: --practice {' | '.join(p.slug for p in there[:10])}")


def chosen_practices(slug: str | None) -> list[Practice]:
    """Return the practice named, or all in use."""
    return [_named(slug)] if slug else practices_in_use()


def _named(slug: str) -> Practice:
    try:
        return practice_by_slug(slug)
    except NoSuchPractice as error:
        known = ", ".join(p.slug for p in practices_in_use()[:10]) or "none yet"
        raise Refused(f"There is no practice {slug!r}. Known: {known}.") from error
