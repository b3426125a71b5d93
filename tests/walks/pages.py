"""Every page there is, and the looks in which it is seen: the table of the walks and of the contact sheets."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from uuid import UUID

from django.urls import reverse
from playwright.sync_api import Page

from glede.kernel.ids import new_id
from glede.outbox.queries import of_subject
from glede.outbox.unsubscribing import unsubscribe_token
from glede.promises.queries import open_promises
from tests.estate import address, desk_pages
from tests.walks.stage import Stage

Where = Callable[[Stage], str]


SIZES = {"desktop": (1366, 768), "tablet": (820, 1180), "phone": (390, 844)}


@dataclass(frozen=True)
class Look:
    """A language, a theme and a width, which is a word of ``SIZES``."""

    language: str
    theme: str
    width: str

    @property
    def name(self) -> str:
        return f"{self.language}-{self.theme}-{self.width}"

    @property
    def cookie(self) -> str:
        """The words of the cookie that holds a reader's choices."""
        return f"1.{self.theme}.{'nb' if self.language == 'nb' else 'en-gb'}.on"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of CSS."""
        return SIZES[self.width]


LOOKS = [Look(*given) for given in product(("en", "nb"), ("light", "dark"), SIZES)]


@dataclass(frozen=True)
class Sight:
    """One page as one reader sees it: "" is somebody with no seat, else the colleague.

    ``filled`` is what is written into its fields and sent before the page that answers is looked at.
    """

    name: str
    where: Where
    who: str = "sofie"
    filled: tuple[tuple[str, str], ...] = ()

    def open(self, page: Page, stage: Stage) -> None:
        """Let a browser stand on this page."""
        page.goto(stage.address + self.where(stage))
        for name, words in self.filled:
            page.fill(f"main input[name={name}]", words)
        if self.filled:
            with page.expect_navigation():
                page.click("main button.go")


def takes_turn(number: int, look: int) -> bool:
    """Say whether the page ``number`` is seen in ``look`` where each is seen once: every look in turn."""
    return (number * 5 + number // len(LOOKS)) % len(LOOKS) == look


def sights() -> Iterator[Sight]:
    """Yield every page: the desk's by its list of addresses, then its states, then what patients and guests see."""
    yield from _desk()
    yield from _states()
    yield from _links()
    yield from _doors()


WITHOUT_A_PAGE = {
    "desk:as_patient", "desk:offer", "desk:start", "desk:look_around", "desk:start_practice", "desk:list_rejects",
    "desk:network_certificate", "desk:fresh", "desk:copy", "desk:right", "desk:kept_sheet", "desk:settings_words",
    "desk:close_visit", "desk:shoes_phone", "desk:journey_row", "desk:journey_file",
    "desk:journey_measured",
}  # fmt: skip


def _desk() -> Iterator[Sight]:
    for name, view, parameters in desk_pages():
        if "GET" in getattr(view, "desk_methods", ()) and name not in WITHOUT_A_PAGE:
            yield Sight(name.removeprefix("desk:"), lambda s, n=name, p=parameters: address(n, p, ids(s)))  # type: ignore[misc]


def ids(stage: Stage) -> dict[str, UUID]:
    """Return something of every kind to fill addresses with."""
    house, visit = stage.house, stage.visits["kari"]
    lines = of_subject(house.id, "appointment", visit, now=stage.at("09:02"))
    return {
        "patient_id": house.people["kari"],
        "membership_id": house.colleagues["ingrid"],
        "appointment_id": visit,
        "message_id": lines[0].message_id,
        "list_id": stage.lists["asked"],
        "mail_id": stage.mail or new_id(),
        "calendar_id": stage.calendar or new_id(),
        "leave_id": stage.leave or new_id(),
        "series_id": stage.series or new_id(),
        "campaign_id": stage.campaign or new_id(),
        "service_id": next(iter(house.services.values())),
        "practitioner_id": next(iter(house.chairs.values())),
    }


def card(kind: str) -> Where:
    """Return where the card of the first promise of a kind stands open."""
    return lambda s: f"/?open={next(o.id for o in open_promises(s.house.id) if o.kind == kind)}"


def noon(stage: Stage) -> str:
    """Return the time of Emily's visit, as a form writes it."""
    return f"2026-11-26T12:00|{stage.house.chairs['amal']}"


def urgent(stage: Stage) -> str:
    """Return where the card of the urgent question stands open."""
    return f"/?open={min(open_promises(stage.house.id), key=lambda o: o.urgency).id}"


def _states() -> Iterator[Sight]:
    yield Sight("today-as-receptionist", lambda s: "/", "ingrid")
    yield Sight("today-mine", lambda s: "/?view=mine")
    yield Sight("today-group", lambda s: "/?group=answer")
    yield Sight("card-answer", card("answer"))
    yield Sight("card-urgent", urgent)
    yield Sight("card-hand", lambda s: f"{card('answer')(s)}&do=hand")
    yield Sight("card-recover", card("recover"))
    yield Sight("card-call", card("call"))
    for name in ("Carie%20Mo", "Nora%20Nyby"):
        yield Sight(f"counter-{name[:2].lower()}", lambda s, q=name: f"/counter/?q={q}")  # type: ignore[misc]
    for name in ("jonas", "tor", "berit"):
        yield Sight(f"counter-{name}", lambda s, n=name: f"/counter/{s.house.people[n]}/")  # type: ignore[misc]
    for name in ("jonas", "Nora%20Nyby", "a"):
        yield Sight(f"walk-in-{name[:2].lower()}", lambda s, q=name: f"/walk-in/?q={q}")  # type: ignore[misc]
    yield Sight("call-known", lambda s: f"/calls/?person={s.house.people['kari']}")
    yield Sight("call-number", lambda s: "/calls/?q=400%2000%20999")
    yield Sight("squeeze-when", lambda s: f"/squeeze/?person={s.house.people['kari']}")
    yield Sight("delay-long", lambda s: "/delay/?minutes=60")
    yield Sight("book-found", lambda s: "/book/?q=a")
    yield Sight("book-stranger", lambda s: "/book/?q=Nora%20Nyby")
    yield Sight("book-when", lambda s: f"/book/?person={s.house.people['kari']}")
    for name in ("tor", "berit", "jonas"):
        yield Sight(f"visit-{name}", lambda s, n=name: f"/visits/{s.visits[n]}/")  # type: ignore[misc]
    yield Sight("close_visit", lambda s: f"/visits/{s.visits['tor']}/closing/")
    yield Sight("close_visit-as-receptionist", lambda s: f"/visits/{s.visits['tor']}/closing/", "ingrid")
    often = "?every=1&unit=week&count=4&at=10:00"
    yield Sight("series-dates", lambda s: f"/visits/{s.visits['kari']}/series/{often}")
    yield Sight("person-tor", lambda s: f"/people/{s.house.people['tor']}/")
    yield Sight("people-nobody", lambda s: "/people/?q=nobodyatall")
    yield Sight("diary-empty", lambda s: "/diary/2026-12-24/")
    yield Sight("diary-move", lambda s: f"/diary/2026-11-26/?move={s.visits['kari']}")
    yield Sight("diary-taken", lambda s: f"/diary/2026-11-26/?move={s.visits['kari']}&lost={noon(s)}&why=time_taken")
    yield Sight("diary-week-one", lambda s: f"/diary/week/2026-11-26/?with={s.house.chairs['amal']}")
    yield Sight("first-free-person", lambda s: f"/diary/free/?person={s.house.people['kari']}")
    yield Sight("diary-away", lambda s: "/diary/2026-12-15/")
    yield Sight("diary-urgent", lambda s: "/diary/2026-12-11/")
    yield Sight("book-urgent", lambda s: f"/book/?person={s.house.people['kari']}&from=2026-12-11&urgent=1")
    yield Sight("outbox-yesterday", lambda s: "/outbox/day/2026-11-23/")
    for name, asked in (("line", "open=0"), ("unreached", "show=unreached"), ("left-out", "show=left-out&days=90")):
        yield Sight(f"forecast-{name}", lambda s, q=asked: f"/settings/forecast/?{q}")  # type: ignore[misc]
    yield Sight("journey_measured", lambda s: "/journeys/measures/6/?days=90")
    yield from _journey()
    yield Sight("settings_words", lambda s: "/settings/wording/6.visit.sms.nb/")
    yield Sight("outbox-fate", lambda s: "/outbox/?fate=rehearsed")
    yield Sight("refused", lambda s: "/settings/", "ingrid")
    yield Sight("not-found", lambda s: "/nowhere/")
    for name in ("clear", "coming", "brought", "discarded"):
        yield Sight(f"list-{name}", lambda s, n=name: f"/lists/{s.lists[n]}/")  # type: ignore[misc]
    yield Sight("gallery", lambda s: "/ui/gallery/")


def _journey() -> Iterator[Sight]:
    yield Sight("journey_row", lambda s: "/journeys/rows/5/")
    yield Sight("journey_row-after", lambda s: "/journeys/rows/8/")
    yield Sight("journeys-as-receptionist", lambda s: "/journeys/?count=1", "ingrid")


PORTAL = (
    "visit", "again", "move", "cancellation", "talk", "preferences", "held", "feedback", "prices", "bring", "place",
    "history", "before", "before_thanks", "rights",
)  # fmt: skip


def _links() -> Iterator[Sight]:
    for name in PORTAL:
        yield Sight(f"link-{name}", lambda s, n=name: reverse(f"portal:{n}", args=[s.link("kari").split("/")[2]]), "")  # type: ignore[misc]
    for code in ("days", "format"):
        yield Sight(f"link-before-{code}", lambda s, c=code: f"{s.link('jonas')}before/question/?ask={c}", "")  # type: ignore[misc]
    yield Sight("link-correction", lambda s: s.link("kari") + "rights/correction/?what=address", "")
    yield Sight("link-today", lambda s: s.link("jonas"), "")
    yield Sight("link-late", lambda s: s.link("jonas") + "lateness/", "")
    yield Sight("link-after", lambda s: s.link("tor"), "")
    yield Sight("link-told", lambda s: s.link("tor") + "feedback/", "")
    yield Sight("link-missed", lambda s: s.link("berit"), "")
    yield Sight("link-answered", lambda s: s.link("emily") + "messages/", "")
    yield Sight("link-ended", lambda s: "/t/0000000000000/", "")
    for name, below in (
        ("reasons", ""),
        ("times", "eye-test/"),
        ("more", "eye-test/?show=more"),
        ("wish", "eye-test/wish/"),
    ):
        yield Sight(f"online-{name}", lambda s, b=below: f"/book/{s.house.practice.slug}/{b}", "")  # type: ignore[misc]
    yield Sight("online-who", lambda s: f"/book/{s.house.practice.slug}/held/{s.held}/", "")
    known = (("name", "Jonas Vik"), ("mobile", "912 34 567"))
    yield Sight("online-check", lambda s: f"/book/{s.house.practice.slug}/held/{s.held}/", "", known)
    yield Sight("unsubscribe", _unsubscribe, "")
    yield Sight("unsubscribed", lambda s: "/u/nothing/", "")
    yield Sight("nowhere", lambda s: "/nowhere/", "")


def _unsubscribe(stage: Stage) -> str:
    return f"/u/{unsubscribe_token(stage.house.id, ids(stage)['message_id'])}/"


def _doors() -> Iterator[Sight]:
    for name in ("account_login", "account_reset_password", "account_signup"):
        yield Sight(name, lambda s, n=name: reverse(n), "")  # type: ignore[misc]
    for name in (
        "account_logout", "account_reauthenticate", "account_set_password", "mfa_index", "mfa_generate_recovery_codes",
    ):  # fmt: skip
        yield Sight(name, lambda s, n=name: reverse(n))  # type: ignore[misc]
