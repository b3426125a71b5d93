"""Find people: by anything known of them, by their address, by their number in a list, page by page."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from glede.kernel.text import name_tokens
from glede.people.models import ContactPoint, Patient, SearchToken
from glede.people.rules.finding import LAST, LEAST_ALIKE, Range, asked, likeness, longest_first, near
from glede.people.values import ContactKind, Found, PeoplePage
from glede.practices import scope

# One short beginning may fit half a town: beyond this many, whole words come first and the rest wait for more letters.
CANDIDATES = 1000
# Of several beginnings that must all fit, each is read this far; people with so few left are asked for by id.
FITTING = 12_000
FEW = 300
FOUND = (
    "pk", "given_name", "family_name", "how_to_say", "birth_date", "merged_into_id", "external_id", "phone", "email",
)  # fmt: skip


class UnreadableCursor(ValueError):
    """The address of a page of people was cut or made up."""


def search(practice_id: UUID, words: str, limit: int = 20) -> list[Found]:
    """Return the people found by any words, the best first: a whole name, date, number or address before a beginning.

    Where that leaves room, names follow that hold the words inside ("berg" in "Solberg") or sound the same ("Chettil"
    for "Kjetil").

    A person found under the name of somebody merged into them stands there once, as who they are now.
    """
    terms = longest_first(asked(words))
    if not terms:
        return []
    with scope.transaction(practice_id):
        heads = _heads(practice_id, _fitting(practice_id, terms))[:limit]
        if len(heads) < limit and (nearly := near(words)):
            also = _heads(practice_id, _fitting(practice_id, longest_first(nearly)))
            heads = list(dict.fromkeys([*heads, *also]))[:limit]
        found = {row.patient_id: row for row in _found(Patient.objects.filter(practice_id=practice_id, pk__in=heads))}
    return [found[head] for head in heads if head in found]


def look_alikes(practice_id: UUID, words: str, limit: int = 5) -> list[Found]:
    """Return people whose names look like ``words``, the likest first: for a name heard or typed a little wrong."""
    wanted = name_tokens(words)
    if not wanted or any(c.isdigit() for c in words):
        return []
    with scope.transaction(practice_id):
        likest: Counter[UUID] = Counter()
        for word in wanted:
            rows = SearchToken.objects.filter(practice_id=practice_id, token__gte=word[:2], token__lt=word[:2] + LAST)
            for patient_id, token in rows.order_by("token").values_list("patient_id", "token")[:FITTING]:
                likest[patient_id] += max(0, round(100 * (likeness(word, token) - LEAST_ALIKE)))
        alike = [patient_id for patient_id, points in likest.most_common(limit) if points]
        found = {row.patient_id: row for row in _found(Patient.objects.filter(
            practice_id=practice_id, pk__in=alike, merged_into=None, erased_at=None))}  # fmt: skip
    return [found[patient_id] for patient_id in alike if patient_id in found]


def _fitting(practice_id: UUID, terms: list[tuple[Range, ...]]) -> dict[UUID, int]:
    """Return who fits all terms, with how many of them are a whole word, number or address of theirs.

    One range of the index a term, joined here: the database has no say in the order, so a table it has
    not counted yet is searched as quickly as any other.
    """
    fitting: dict[UUID, int] | None = None
    for term in terms:
        rows = SearchToken.objects.filter(_within(term), practice_id=practice_id).order_by("token")
        if fitting is not None and len(fitting) <= FEW:
            rows = rows.filter(patient_id__in=list(fitting))
        whole = {r.low for r in term}
        hits: dict[UUID, int] = {}
        for patient_id, token in rows.values_list("patient_id", "token")[: FITTING if len(terms) > 1 else CANDIDATES]:
            hits[patient_id] = max(hits.get(patient_id, 0), token in whole)
        fitting = hits if fitting is None else {p: n + hits[p] for p, n in fitting.items() if p in hits}
        if not fitting:
            break
    return fitting or {}


def _heads(practice_id: UUID, fitting: dict[UUID, int]) -> list[UUID]:
    """Return who they are now, those who fit best first, and then in the order of the language."""
    best = sorted(fitting, key=lambda patient_id: -fitting[patient_id])[:CANDIDATES]
    rows = Patient.objects.filter(practice_id=practice_id, pk__in=best, erased_at=None)
    people = rows.annotate(head=Coalesce("merged_into_id", "pk")).values_list("pk", "sort_key", "head")
    ordered = sorted(people, key=lambda row: (-fitting[row[0]], row[1], row[0]))
    return list(dict.fromkeys(head for _, _, head in ordered))


def _within(term: tuple[Range, ...]) -> Q:
    return reduce(or_, (Q(token__gte=r.low, token__lt=r.high) for r in term))


def _found(people: QuerySet[Patient]) -> list[Found]:
    held = ContactPoint.objects.filter(patient_id=OuterRef("pk"), ended_at=None).order_by("rank", "id")
    rows = people.annotate(
        phone=Coalesce(Subquery(held.filter(kind="phone").values("e164")[:1]), Value("")),
        email=Coalesce(Subquery(held.filter(kind="email").values("email_key")[:1]), Value("")),
    )
    return [Found(*row) for row in rows.values_list(*FOUND)]


def patients_page(practice_id: UUID, *, after: str | None = None, limit: int = 50) -> PeoplePage:
    """Return a page of the people of a practice in the order of its language; ``after`` is the last page's ``next``.

    Raises ``UnreadableCursor``.
    """
    with scope.transaction(practice_id):
        people = Patient.objects.filter(practice_id=practice_id, merged_into=None, erased_at=None)
        if after is not None:
            key, last = _read_cursor(after)
            # Written so that the first half runs along the index and neither half compares rows.
            people = people.filter(sort_key__gte=key).exclude(sort_key=key, pk__lte=last)
        rows = list(people.order_by("sort_key", "pk").values_list("pk", "sort_key")[: limit + 1])
        shown = [pk for pk, _ in rows[:limit]]
        found = {row.patient_id: row for row in _found(people.filter(pk__in=shown))}
    following = _cursor(rows[limit - 1][1], rows[limit - 1][0]) if len(rows) > limit else None
    return PeoplePage(tuple(found[pk] for pk in shown), following)


def _cursor(key: str, last: UUID) -> str:
    return urlsafe_b64encode(last.bytes + key.encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[str, UUID]:
    try:
        held = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return held[16:].decode(), UUID(bytes=held[:16])
    except ValueError as error:
        raise UnreadableCursor from error


def patients_at(practice_id: UUID, kind: ContactKind, address: str) -> list[UUID]:
    """Return who may be meant by a normal address (E.164 or e-mail key): several, where they share it."""
    with scope.transaction(practice_id):
        rows = ContactPoint.objects.filter(practice_id=practice_id, ended_at=None, patient__erased_at=None)
        rows = rows.filter(e164=address) if kind == "phone" else rows.filter(email_key=address)
        heads = rows.annotate(head=Coalesce("patient__merged_into_id", "patient_id"))
        return list(dict.fromkeys(heads.order_by("rank", "id").values_list("head", flat=True)))


def contacts_at(practice_id: UUID, addresses: Iterable[str]) -> dict[str, list[tuple[UUID, UUID]]]:
    """Return for e-mail addresses in normal form each contact in force: its id and whose it is."""
    with scope.transaction(practice_id):
        rows = ContactPoint.objects.filter(practice_id=practice_id, ended_at=None, patient__erased_at=None)
        rows = rows.filter(email_key__in=set(addresses) - {""}).order_by("rank", "id")
        found: dict[str, list[tuple[UUID, UUID]]] = {}
        for key, contact, owner in rows.values_list("email_key", "pk", "patient_id"):
            found.setdefault(key, []).append((contact, owner))
        return found


def wards_of(practice_id: UUID, guardian_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return the children these people are reached for, each with the guardian."""
    with scope.transaction(practice_id):
        rows = Patient.objects.filter(practice_id=practice_id, guardian_id__in=set(guardian_ids), erased_at=None)
        return dict(rows.values_list("pk", "guardian_id"))


def owners_of(practice_id: UUID, contact_ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """Return for each contact, in force or ended, whose it is and its address in normal form ("" once erased)."""
    with scope.transaction(practice_id):
        rows = ContactPoint.objects.filter(practice_id=practice_id, pk__in=set(contact_ids))
        return {row.pk: (row.patient_id, row.address) for row in rows}


def merged_by_external_id(practice_id: UUID, external_id: str) -> UUID | None:
    """Return who has a number of a list and was merged into somebody; None for nobody."""
    with scope.transaction(practice_id):
        rows = Patient.objects.filter(practice_id=practice_id, external_id=external_id, merged_into__isnull=False)
        return rows.exclude(external_id="").values_list("pk", flat=True).first()


def patients_by_external_id(practice_id: UUID, external_ids: Iterable[str]) -> dict[str, UUID]:
    """Return the people behind numbers of a list, or those they were merged into."""
    with scope.transaction(practice_id):
        rows = Patient.objects.filter(practice_id=practice_id, external_id__in=set(external_ids) - {""})
        return dict(rows.annotate(head=Coalesce("merged_into_id", "pk")).values_list("external_id", "head"))
