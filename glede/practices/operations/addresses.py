"""The end of the address where strangers book: kebab-case, one practice's alone, and kept for ever."""

from uuid import UUID

from django.utils.text import slugify

from glede.practices.models import BookingAddress

LONGEST = 60
LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "Ae", "Ø": "O", "Å": "A", "ß": "ss"})


class AddressTaken(ValueError):
    """Another practice has, or had, this end of the address."""


def take_address(practice_id: UUID, name: str) -> None:
    """Let ``name`` lead to the practice from now on; blank takes nothing. Raises ``AddressTaken``.

    Call it inside an act.
    """
    if not name:
        return
    row, _ = BookingAddress.objects.get_or_create(name=name, defaults={"practice_id": practice_id})
    if row.practice_id != practice_id:
        raise AddressTaken(name)


def free_address(practice_id: UUID, name: str) -> str:
    """Return the end of an address for a practice of this name which no other has."""
    base = kebab(name) or "practice"
    others = BookingAddress.objects.filter(name__startswith=base).exclude(practice_id=practice_id)
    taken = set(others.values_list("name", flat=True))
    candidates = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return next(one for one in candidates if one not in taken)


def kebab(name: str) -> str:
    """Return a name as it stands in an address: "Øyelegen på Torget" as "oyelegen-pa-torget"."""
    return slugify(name.translate(LETTERS))[: LONGEST - 10].strip("-")
