"""What a person types for a visit, a service or a clinician, and which row is meant."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from glede.config.terminal import Refused, WrongUsage

if TYPE_CHECKING:
    from glede.staff.queries import Chair


def visit_id(practice_id: UUID, typed: str) -> UUID:
    """Return the visit whose code, as it stands in a link or on a receipt, is typed. Raises ``Refused``."""
    from glede.diary.queries import appointment_by_link
    from glede.kernel.ids import link_hash, read_link_code

    code = read_link_code(typed)
    if code is None:
        raise WrongUsage(f"{typed!r} is no code of a visit: 13 letters and digits, as in its link.")
    visit = appointment_by_link(practice_id, link_hash(code))
    if visit is None:
        raise Refused(f"There is no visit with the code {typed}.")
    return visit.appointment_id


def service_id(practice_id: UUID, code: str | None) -> UUID | None:
    """Return the service on offer by its short name; None for none. Raises ``Refused`` with those there are."""
    from glede.catalogue.queries import services

    if code is None:
        return None
    there = {card.code: card.id for card in services(practice_id)}
    if code not in there:
        raise Refused(f"There is no service {code!r}. Known: {', '.join(there) or 'none yet'}.")
    return there[code]


def practitioner_id(practice_id: UUID, name: str | None) -> UUID | None:
    """Return the clinician by display name, given name or number; None for anybody. Raises ``Refused``."""
    from glede.staff.queries import practitioners

    if name is None:
        return None
    there = practitioners(practice_id)
    for chair in there:
        if name.casefold() in {chair.display_name.casefold(), chair.given_name.casefold(), str(chair.id)}:
            return chair.id
    raise Refused(f"Nobody called {name!r} sees patients here. Known: {_names(there)}.")


def names(practice_id: UUID) -> dict[UUID | None, str]:
    """Return what each clinician is called."""
    from glede.staff.queries import practitioners

    return {chair.id: chair.display_name for chair in practitioners(practice_id)}


def _names(there: "Iterable[Chair]") -> str:
    return ", ".join(chair.display_name for chair in there) or "none yet"
