"""Which practice and person a command is about, and whose hand it is."""

from uuid import UUID

from glede.config.terminal import Refused
from glede.kernel.actor import SYSTEM, Actor, colleague
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


def chosen_person(practice_id: UUID, typed: str) -> UUID:
    """Return the person by the list's number for them, or by ours. Raises ``Refused``."""
    from glede.people.queries import names, patients_by_external_id

    known = patients_by_external_id(practice_id, [typed])
    if typed in known:
        return known[typed]
    try:
        ours = UUID(typed)
    except ValueError:
        ours = None
    if ours is None or not names(practice_id, [ours]):
        raise Refused(f"Nobody has the number {typed!r} here.")
    return ours


def chosen_hand(practice_id: UUID, name: str | None) -> Actor:
    """Return the colleague of that name as who acts; whoever keeps the machine where no name is given.

    Raises ``Refused`` with those there are.
    """
    from glede.staff.queries import colleagues

    if name is None:
        return SYSTEM
    there = colleagues(practice_id)
    found = [one for one in there if name.casefold() in {one.display_name.casefold(), str(one.membership_id)}]
    if len(found) != 1:
        raise Refused(
            f"No one colleague is called {name!r}. Known: {', '.join(o.display_name for o in there) or 'none'}."
        )
    return colleague(found[0].membership_id)
