"""The cast: named people with meaning, for tests, walks and benches.

Plain values first; then builders that call the operations, so that a story begins the way life does.
``open_solberg`` and ``open_nordlys`` take the names of who is needed: few people, quick tests.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from uuid import UUID

from glede.catalogue.operations import add_service
from glede.catalogue.rules import ServiceForm
from glede.kernel.actor import SYSTEM, Actor
from glede.people import operations as people
from glede.people.values import ContactForm, PersonForm, Scope, Wishes
from glede.practices.models import Practice
from glede.practices.operations import NewPractice, start_practice
from glede.staff.models import Role
from glede.staff.operations import NewColleague, NewPractitioner, add_colleague, add_practitioner
from tests.replay import retold

# Tuesday 24 November 2026, 08:40 on the wall in Oslo.
MORNING = datetime(2026, 11, 24, 7, 40, tzinfo=UTC)
PASSWORD = "a long enough sentence for the walks"

SOLBERG = NewPractice(
    name="Solberg Optikk",
    country="NO",
    language="nb",
    zone="Europe/Oslo",
    details={
        "phone": "+4722123456",
        "email": "hei@solberg.example",
        "address": "Storgata 1, 0155 Oslo",
        "public_url": "https://solberg.example",
        "proved_url": "https://solberg.example",
        "review_link": "https://reviews.example/solberg",
    },
)
NORDLYS = NewPractice(
    name="Nordlys Øye",
    country="NO",
    language="nb",
    zone="Europe/Oslo",
    details={
        "phone": "+4777123456",
        "email": "hei@nordlys.example",
        "public_url": "https://nordlys.example",
        "proved_url": "https://nordlys.example",
    },
)


@dataclass(frozen=True)
class Colleague:
    """Somebody who works at the practice; with a title they see patients."""

    display_name: str
    role: Role
    title: str = ""


COLLEAGUES = {
    "sofie": Colleague("Sofie Solberg", Role.OWNER),
    "ingrid": Colleague("Ingrid Berg", Role.RECEPTIONIST),
    "amal": Colleague("Dr Amal Haddad", Role.OPTOMETRIST, "Optometrist"),
    "jon": Colleague("Jon Vik", Role.OPTOMETRIST, "Optometrist"),
    "marius": Colleague("Marius Nes", Role.DISPENSING_OPTICIAN, "Dispensing optician"),
    "nina": Colleague("Nina Holm", Role.MANAGER),
}
NORDLYS_COLLEAGUES = {
    "runa": Colleague("Runa Nord", Role.OWNER, "Optometrist"),
    "leif": Colleague("Leif Myhre", Role.RECEPTIONIST),
}

BRING = {"en": "Your glasses and a list of your medicines.", "nb": "Brillene dine og en liste over medisinene dine."}
SERVICES = {
    "eye-test": ServiceForm(
        "eye-test", {"en": "Eye test", "nb": "Synsprøve"}, 40, 5, 89000, what_to_bring=BRING, sort=1
    ),
    "first-eye-test": ServiceForm(
        "first-eye-test",
        {"en": "First eye test with us", "nb": "Første synsprøve hos oss"},
        50,
        5,
        99000,
        for_new=True,
        what_to_bring=BRING,
        sort=2,
    ),
    "lens-check": ServiceForm(
        "lens-check", {"en": "Contact lens check", "nb": "Linsekontroll"}, 20, 5, 49000, 69000, sort=3
    ),
    "collect": ServiceForm("collect", {"en": "Collect and fit", "nb": "Henting og tilpasning"}, 15, 0, sort=4),
}

KARI = PersonForm(
    given_name="Kari",
    family_name="Moe",
    how_to_say="KAH-ree MOO-eh",
    birth_date=date(1955, 3, 2),
    language="nb",
    style="friendly",
    external_id="S-1001",
    phones=("400 00 101",),
    emails=("kari.moe@example.org",),
    known_since=date(2014, 4, 1),
)
JONAS = PersonForm(
    given_name="Jonas",
    family_name="Vik",
    birth_date=date(1992, 5, 17),
    language="nb",
    style="short",
    phones=("400 00 102",),
    emails=("jonas.vik@example.org",),
    source="web",
)
TOR = PersonForm(
    given_name="Tor", family_name="Lind", birth_date=date(1961, 9, 8), external_id="S-1003", phones=("400 00 103",)
)
METTE = PersonForm(
    given_name="Mette", family_name="Dahl", birth_date=date(1979, 1, 30), emails=("mette.dahl@example.org",)
)
SUNNIVA = PersonForm(
    given_name="Sunniva",
    family_name="Aasen",
    birth_date=date(1988, 12, 1),
    phones=("400 00 105",),
    emails=("sunniva@example.org",),
)
# Berit answers for her daughter and for her father, on one number.
BERIT = PersonForm(given_name="Berit", family_name="Lund", birth_date=date(1983, 6, 6), phones=("400 00 106",))
ELLA = PersonForm(given_name="Ella", family_name="Lund", birth_date=date(2017, 8, 19))
ARNE = PersonForm(given_name="Arne", family_name="Lund", birth_date=date(1944, 2, 11), phones=("400 00 106",))
ODD = PersonForm(given_name="Odd", family_name="Haug", phones=("22 00 01 07",))
SOLVEIG = PersonForm(given_name="Solveig", family_name="Ås", birth_date=date(1939, 10, 3))
PER = PersonForm(
    given_name="Per", family_name="Strand", birth_date=date(1950, 7, 7), phones=("400 00 109",), style="call"
)
EMILY = PersonForm(
    given_name="Emily",
    family_name="Clarke",
    birth_date=date(1990, 4, 12),
    language="en",
    phones=("+44 7700 900110",),
    emails=("emily.clarke@example.org",),
)
LEA = PersonForm(given_name="Lea", family_name="Skudd", birth_date=date(2008, 2, 29), emails=("lea.skudd@example.org",))
PEOPLE = {
    "kari": KARI,
    "jonas": JONAS,
    "tor": TOR,
    "mette": METTE,
    "sunniva": SUNNIVA,
    "berit": BERIT,
    "ella": ELLA,
    "arne": ARNE,
    "odd": ODD,
    "solveig": SOLVEIG,
    "per": PER,
    "emily": EMILY,
    "lea": LEA,
}
# Another Kari Moe, of the other practice: nothing of hers may ever be seen at Solberg.
NAMESAKE = replace(KARI, how_to_say="", external_id="S-1001", phones=("400 00 201",), emails=("kari@example.net",))
NORDLYS_PEOPLE = {
    "kari": NAMESAKE,
    "nils": PersonForm(given_name="Nils", family_name="Nord", phones=("400 00 202",), emails=("nils@example.net",)),
}


@dataclass
class House:
    """A practice with those who work there and those it cares for, by short name."""

    practice: Practice
    now: datetime
    colleagues: dict[str, UUID] = field(default_factory=dict)
    chairs: dict[str, UUID] = field(default_factory=dict)
    services: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        """The practice's id."""
        return self.practice.pk

    def by(self, name: str) -> Actor:
        """Return the actor for a colleague, or for a person of the practice."""
        if name in self.colleagues:
            return Actor("staff", self.colleagues[name])
        return Actor("patient", self.people[name])


def open_solberg(*names: str, now: datetime = MORNING, is_virtual: bool = False, password: str | None = None) -> House:
    """Open Solberg Optikk with the people named, or with everybody. With a password colleagues can sign in."""
    wanted = names or tuple(PEOPLE)

    def tell() -> House:
        house = _open(SOLBERG, COLLEAGUES, now, is_virtual=is_virtual, password=password)
        for name in wanted:
            add(house, name, PEOPLE[name])
        for name in wanted:
            STORIES.get(name, _nothing)(house)
        return house

    return retold(("solberg", repr(SOLBERG), wanted, now, is_virtual, password), tell, lambda house: house.id)


def open_nordlys(*names: str, now: datetime = MORNING, is_virtual: bool = False, password: str | None = None) -> House:
    """Open the other practice with the people named, or with everybody of theirs."""
    wanted = names or tuple(NORDLYS_PEOPLE)

    def tell() -> House:
        house = _open(NORDLYS, NORDLYS_COLLEAGUES, now, is_virtual=is_virtual, password=password)
        for name in wanted:
            add(house, name, NORDLYS_PEOPLE[name])
        return house

    return retold(("nordlys", wanted, now, is_virtual, password), tell, lambda house: house.id)


def _open(
    new: NewPractice, colleagues: dict[str, Colleague], now: datetime, *, is_virtual: bool, password: str | None
) -> House:
    practice = start_practice(replace(new, virtual_now=now if is_virtual else None), by=SYSTEM, now=now)
    house = House(practice, now)
    for sort, (name, colleague) in enumerate(colleagues.items(), start=1):
        _hire(house, name, colleague, password, sort)
    for code, form in SERVICES.items():
        service = add_service(practice_id=house.id, service=form, by=SYSTEM, now=now)
        house.services[code] = service.pk
    return house


def _hire(house: House, name: str, colleague: Colleague, password: str | None, sort: int) -> None:
    email = f"{name}@{house.practice.slug}.example"
    new = NewColleague(email, colleague.display_name, colleague.role, password)
    member = add_colleague(practice_id=house.id, new=new, by=SYSTEM, now=house.now)
    house.colleagues[name] = member.pk
    if colleague.title:
        given_name = colleague.display_name.removeprefix("Dr ").partition(" ")[0]
        chair = NewPractitioner(colleague.display_name, given_name, colleague.title, member.pk, sort=sort)
        house.chairs[name] = add_practitioner(practice_id=house.id, new=chair, by=SYSTEM, now=house.now).pk


def add(house: House, name: str, form: PersonForm, by: Actor = SYSTEM) -> UUID:
    """Add a person to a house under a short name, and return their id."""
    house.people[name] = people.add_patient(practice_id=house.id, person=form, by=by, now=house.now).pk
    return house.people[name]


def words(house: House, name: str, kind: str, text: str, by: str = "ingrid") -> None:
    """Note one line of what matters to a person."""
    people.note_need(
        practice_id=house.id,
        patient_id=house.people[name],
        kind=kind,
        words=text,
        by=house.by(by),
        now=house.now,
    )


def wish(house: House, name: str, wishes: Wishes) -> None:
    """Let a person say how they wish to be reached."""
    people.set_preference(
        practice_id=house.id, patient_id=house.people[name], wishes=wishes, by=house.by(name), now=house.now
    )


def _nothing(_: House) -> None:
    pass


def _kari(house: House) -> None:
    wish(house, "kari", Wishes(channels=("sms", "call"), hours=(time(10), time(18))))
    words(house, "kari", "want", "I want to read to my grandson without going to the window.")
    words(house, "kari", "relationship", "Friendly, with time to talk")
    words(house, "kari", "lifestyle", "Choir on Wednesdays, drives at dusk")
    words(house, "kari", "budget", "About 6,000 kr. Say it first")
    words(house, "kari", "do_not", "call before 10:00, or use drops when she drives")
    people.write_note(
        practice_id=house.id,
        patient_id=house.people["kari"],
        words="How did the cabin roof go?",
        on=date(2026, 11, 26),
        by=house.by("ingrid"),
        now=house.now,
    )


def _jonas(house: House) -> None:
    wish(house, "jonas", Wishes(channels=("email", "sms"), preparation_by_text=True))
    words(house, "jonas", "need", "Screens all day, headaches")


def _tor(house: House) -> None:
    words(house, "tor", "need", "The new glasses make me dizzy and nobody rang back.")


def _sunniva(house: House) -> None:
    refusals: Iterable[tuple[str | None, Scope]] = (("sms", "all"), (None, "marketing"))
    for channel, scope in refusals:
        people.opt_out(
            practice_id=house.id,
            patient_id=house.people["sunniva"],
            channel=channel,
            scope=scope,
            how="form",
            by=house.by("sunniva"),
            now=house.now,
        )


def _ella(house: House) -> None:
    if "berit" in house.people:
        people.set_guardian(
            practice_id=house.id,
            patient_id=house.people["ella"],
            guardian_id=house.people["berit"],
            by=house.by("ingrid"),
            now=house.now,
        )


def _per(house: House) -> None:
    words(house, "per", "format", "Large print, 24 points. Reads no e-mail. Please call.")
    words(house, "per", "anxious", "Afraid of losing the sight he has left")


STORIES: dict[str, Callable[[House], None]] = {
    "kari": _kari,
    "jonas": _jonas,
    "tor": _tor,
    "sunniva": _sunniva,
    "ella": _ella,
    "per": _per,
}

__all__ = [
    "MORNING",
    "PASSWORD",
    "PEOPLE",
    "ContactForm",
    "House",
    "add",
    "open_nordlys",
    "open_solberg",
    "wish",
    "words",
]
