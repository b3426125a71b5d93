"""Two records beside each other: what each field says for one person, or for two."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import partial_ratio, ratio

from glede.people.matching.given import common, everyday
from glede.people.matching.sounds import sound
from glede.people.matching.values import Reason, Record

MISTYPED_AT_LEAST = 0.84  # of Jaro and Winkler: "charlotte" and "charlolte" are 0.94 alike, "anna" and "hanna" 0.93
MISTYPED_LETTERS = 3  # what is shorter is not mistyped, it is another name
GENERATION = 14  # years between a parent and a child of the same name
STREET_ALIKE, SAME_STREET = 80, 92  # of a hundred
A_STREET = 10  # letters; what is shorter stands inside too many others
A_HOUSE = 3  # signs of both numbers: 1 and 17 are neither of them a slip
TOWN_ALIKE = 75
MAIL_ALIKE = 85


@dataclass(frozen=True, slots=True)
class Habits:
    """What is usual among the people compared: first names that several families bear."""

    borne: frozenset[str] = frozenset()

    def is_name(self, word: str) -> bool:
        """Whether a folded word is a first name that people bear, and no slip of the pen."""
        return word in common() or word in self.borne


def compare(one: Record, other: Record, habits: Habits) -> dict[str, Reason]:
    """Return what each field says that both records know: given, family, born, phone, email, street, city."""
    found = _names(one, other, habits)
    if one.born and other.born:
        found["born"] = birth_dates(one.born, other.born)
    if _share(one.phones, other.phones):
        found["phone"] = Reason.SAME_PHONE
    if _share(one.emails, other.emails):
        found["email"] = Reason.SAME_EMAIL
    elif any(_is_mistyped_mail(a, b) for a in one.emails for b in other.emails):
        found["email"] = Reason.EMAIL_MISTYPED
    if (address := _addresses(one, other)) is not None:
        found["street"] = address
    if one.city and other.city and ratio(one.city, other.city) >= TOWN_ALIKE:
        found["city"] = Reason.SAME_TOWN
    return found


def _share(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return any(word in others for word in some)


def _names(one: Record, other: Record, habits: Habits) -> dict[str, Reason]:
    if _are_swapped(one, other):
        return {"given": Reason.NAMES_SWAPPED, "family": Reason.NAMES_SWAPPED}
    if _is_one_swapped(one, other) or _is_one_swapped(other, one):
        return {"given": Reason.ONE_NAME_SWAPPED}
    found = {}
    if one.given and other.given:
        found["given"] = _first_names(one.given, other.given, habits)
    if one.family and other.family:
        found["family"] = _last_names(one.family, other.family)
    return found


def _are_swapped(one: Record, other: Record) -> bool:
    if not (one.given and one.family and other.given and other.family) or one.given == other.given:
        return False
    return _is_like(one.given, other.family) and _is_like(one.family, other.given)


def _is_one_swapped(one: Record, other: Record) -> bool:
    """Whether the first name of the one stands where the last name of the other does, and is not usual there."""
    if not (one.given and other.family) or one.given == one.family or not _is_like(one.given, other.family):
        return False
    return one.given in common() and other.given not in common()


@lru_cache(maxsize=50_000)
def _is_like(one: str, other: str) -> bool:
    return one == other or sound(one) == sound(other) or _is_mistyped(one, other)


def _first_names(one: str, other: str, habits: Habits) -> Reason:
    if one == other:
        return Reason.SAME_FIRST_NAME
    heads = one.partition(" ")[0], other.partition(" ")[0]
    if _are_everyday(one, other) or (heads[0] == heads[1] and (one in heads or other in heads)):
        return Reason.FIRST_NAME_SOUNDS_ALIKE
    if sound(one) == sound(other) or _is_initial(one, other):
        return Reason.FIRST_NAME_SOUNDS_ALIKE
    if habits.is_name(one) and habits.is_name(other):
        return Reason.OTHER_FIRST_NAME
    return Reason.FIRST_NAME_MISTYPED if _is_mistyped(one, other) else Reason.OTHER_FIRST_NAME


def _are_everyday(one: str, other: str) -> bool:
    """Whether one is what bearers of the other are called, not two that both shorten a third."""
    groups = everyday()
    return one in groups.get(other, ()) or other in groups.get(one, ())


def _is_initial(one: str, other: str) -> bool:
    return one[0] == other[0] and 1 in {len(one), len(other)}


def _last_names(one: str, other: str) -> Reason:
    if one == other:
        return Reason.SAME_LAST_NAME
    if sound(one) == sound(other):
        return Reason.LAST_NAME_SOUNDS_ALIKE
    parts, others = set(one.split()), set(other.split())
    if parts < others or others < parts:  # Berg, Berg Hansen
        return Reason.LAST_NAME_SOUNDS_ALIKE
    return Reason.LAST_NAME_MISTYPED if _is_mistyped(one, other) else Reason.OTHER_LAST_NAME


@lru_cache(maxsize=50_000)
def _is_mistyped(one: str, other: str) -> bool:
    a, b = one.replace(" ", ""), other.replace(" ", "")
    if min(len(a), len(b)) < MISTYPED_LETTERS:
        return False
    slips = OSA.distance(a, b, score_cutoff=2)
    if slips <= 1:
        return True
    return JaroWinkler.similarity(a, b) >= MISTYPED_AT_LEAST and slips <= max(2, len(a) // 3)


def birth_dates(one: date, other: date) -> Reason:
    """Return whether two birth dates are one, one with a slip of a digit, or two people's."""
    if one == other:
        return Reason.SAME_BIRTH_DATE
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return Reason.BIRTH_DATE_SWAPPED
    if OSA.distance(f"{one:%Y%m%d}", f"{other:%Y%m%d}", score_cutoff=1) <= 1:
        return Reason.BIRTH_DATE_NEAR
    return Reason.A_GENERATION_APART if abs(one.year - other.year) >= GENERATION else Reason.OTHER_BIRTH_DATE


@lru_cache(maxsize=50_000)
def _is_mistyped_mail(one: str, other: str) -> bool:
    return ratio(one, other) >= MAIL_ALIKE and OSA.distance(one, other) <= 4


def _addresses(one: Record, other: Record) -> Reason | None:
    """Return what two addresses say; None where one is missing or they differ: people move."""
    if not one.street or not other.street:
        return None
    alike = _streets(one.street, other.street)
    if alike < STREET_ALIKE or not _is_near(one, other):
        return None
    if one.houses and other.houses and not any(_is_house(a, b) for a in one.houses for b in other.houses):
        return Reason.SAME_STREET
    return Reason.SAME_ADDRESS if alike >= SAME_STREET else Reason.ADDRESS_ALIKE


def _is_house(one: str, other: str) -> bool:
    """Whether two numbers are one house: the same, or with a sign left out or two exchanged; 12 and 14 are not."""
    if one == other:
        return True
    is_slip = len(one) != len(other) or sorted(one) == sorted(other)
    return is_slip and one[0] == other[0] and len(one) + len(other) > A_HOUSE and OSA.distance(one, other) <= 1


def _is_near(one: Record, other: Record) -> bool:
    """Whether postcode or town are one, a slip allowed, or one of the records has neither."""
    if one.postcode and other.postcode and OSA.distance(one.postcode, other.postcode, score_cutoff=1) <= 1:
        return True
    if one.city and other.city:
        return ratio(one.city, other.city) >= TOWN_ALIKE
    return not (one.postcode and other.postcode)


@lru_cache(maxsize=50_000)
def _streets(one: str, other: str) -> float:
    whole = max(ratio(one, other), ratio(" ".join(sorted(one.split())), " ".join(sorted(other.split()))))
    if whole < STREET_ALIKE <= partial_ratio(one, other) and min(len(one), len(other)) >= A_STREET:
        return STREET_ALIKE  # a second line of the address that the other lacks
    return whole
