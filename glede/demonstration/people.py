"""Forty invented people, with what matters to each. Every name, number and address is made up."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Invented:
    """Somebody who does not exist."""

    given_name: str
    family_name: str
    born: date
    ways: tuple[str, ...] = ("sms", "email", "call")
    style: str = "friendly"
    language: str = "nb"
    say: str = ""
    words: tuple[tuple[str, str], ...] = ()
    since: int = 2024
    has_phone: bool = True
    has_email: bool = True

    @property
    def name(self) -> str:
        """Given name and family name."""
        return f"{self.given_name} {self.family_name}"


def _p(name: str, born: str, **more: object) -> Invented:
    given, _, family = name.rpartition(" ")
    return Invented(given, family, date.fromisoformat(born), **more)  # type: ignore[arg-type]


CALL = {"ways": ("call", "sms"), "style": "call"}
MAIL = {"ways": ("email", "sms", "call")}

PEOPLE = (
    _p("Kari Moe", "1955-03-14", say="KAH-ree MOO-eh", since=2014, **CALL, words=(
        ("need", "Jeg vil lese for barnebarnet uten å gå bort til vinduet."),
        ("lifestyle", "Kor på onsdager, kjører bil i skumringen"),
        ("budget", "Rundt 6 000 kr. Si prisen først"),
        ("do_not", "ring før kl. 10"), ("do_not", "bruk dråper når hun kjører selv"))),
    _p("Jonas Vik", "1992-08-02", style="short", words=(
        ("need", "Skjerm hele dagen, og hodepine når jeg kommer hjem."), ("lifestyle", "Skjerm 9 timer, sykler"))),
    _p("Tor Lind", "1961-01-20", since=2018, words=(("need", "Brillene sklir ned hele tiden."),)),
    _p("Mette Dahl", "1988-11-05", words=(("want", "Løpe maraton uten at linsene tørker ut"),)),
    _p("Sunniva Aasen", "2001-06-23", style="short", words=(("lifestyle", "Svømmer fire ganger i uken"),)),
    _p("Peder Aas", "1970-02-28", **MAIL, words=(("value", "At det er ferdig når dere sier det"),)),
    _p("Henrik Vik", "1990-08-14", **CALL, words=(("need", "Ser dårlig på tavla om kvelden."),)),
    _p("Olav Strand", "1948-12-01", **CALL, words=(
        ("anxious", "Luftpuffen i øyet"), ("need", "Jeg er redd for luftpuffen."))),
    _p("Liv Haugen", "1979-04-17", **MAIL, words=(("budget", "Vil vite hele prisen på forhånd"),)),
    _p("Astrid Lunde", "1946-11-24", **CALL, since=2009, words=(("want", "Strikke igjen"),)),
    _p("Ane Ruud", "1983-05-09"),
    _p("Ragnhild Berg", "1957-07-30", words=(("need", "Kjørelyset blender meg."),)),
    _p("Rolf Bye", "1952-10-11", ways=("sms", "call"), has_email=False),
    _p("Arne Lien", "1966-03-03", **MAIL),
    _p("Randi Vik", "1965-09-19"),
    _p("Gro Tveit", "1975-01-08", **MAIL, words=(("want", "Briller som tåler tre barn"),)),
    _p("Frida Berge", "1998-02-14", style="short"),
    _p("Egil Mo", "1944-06-06", **CALL, words=(("complex", "Bruker rullestol, trenger litt mer tid"),)),
    _p("Knut Rød", "1986-12-12"),
    _p("Lise Falk", "1973-08-21", **MAIL),
    _p("Jan Hove", "1959-04-01"),
    _p("Nina Gran", "1995-10-30", style="short"),
    _p("Maja Eik", "2010-05-17", has_email=False),
    _p("Tor Egge", "1971-07-07", **MAIL),
    _p("Signe Holt", "1963-11-11"),
    _p("Stein Rud", "1950-01-15", **CALL, has_email=False),
    _p("Wenche Li", "1968-03-28"),
    _p("Kai Lunde", "1981-09-02", **MAIL),
    _p("Amir Khan", "1989-06-18", say="ah-MEER", words=(("lifestyle", "Kjører lastebil om natten"),)),
    _p("Ruth Bakke", "1941-02-09", **CALL, has_email=False, words=(
        ("need", "Jeg ser ikke skriften på medisinene."),)),
    _p("Vera Dale", "1977-10-05"),
    _p("Odd Lie", "1954-08-08", ways=("email", "call")),
    _p("Siri Holm", "1993-12-24", style="short"),
    _p("Ivar Foss", "1969-05-05"),
    _p("Pia Sand", "1984-07-16", **MAIL),
    _p("Tom Haga", "1976-11-29", has_phone=False, **MAIL),
    _p("Sarah Whitfield", "1987-03-21", language="en", **MAIL, words=(
        ("need", "Reading music at a distance that is neither near nor far."), ("lifestyle", "Plays the cello"))),
    _p("Priya Nair", "1996-01-27", language="en", say="PREE-yah NAH-yur", style="short"),
    _p("Bjørn Åsen", "1960-02-29", since=2011, words=(("want", "Se ballen på golfbanen"),)),
    _p("Gudrun Sæther", "1938-09-13", has_phone=False, has_email=False),
)  # fmt: skip

# What people write and answer in the year, in their own words.
PRAISE = (
    "Amal forklarte alt rolig. Jeg følte meg trygg.",
    "God tid, og prisen var som dere sa.",
    "Dere husket at jeg gruet meg. Tusen takk.",
    "Clear, kind and on time.",
    "Jon tok seg tid til alle spørsmålene mine.",
)
COMPLAINT = "Det er andre gang de glir. Jeg fikk ikke svar på mandag."
QUESTIONS = (
    ("Kari", "Kan jeg komme litt senere? Bussen er aldri i rute på torsdager."),
    ("Sunniva", "Kan jeg bade med linsene?"),
    ("Liv", "Er undersøkelsen med i prisen?"),
    ("Amir", "Jeg ser plutselig lysglimt i det ene øyet."),
)
EARLIER = (
    ("Gro", "Passer det at jeg tar med minstemann?", "Ja, så klart. Vi har bøker og tegnesaker. Hilsen Ingrid"),
    ("Sarah", "Is there parking nearby?", "Yes, behind the church, free for two hours. Ingrid"),
    ("Peder", "Må jeg faste før timen?", "Nei da, spis frokost som vanlig. Hilsen Ingrid"),
)
