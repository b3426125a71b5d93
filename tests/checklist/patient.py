"""Points 20 to 29: what a patient needs to do, and what is never asked of them or told about them."""

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from glede.journeys import document
from glede.portal.tests.guests import NONCE
from glede.portal.tests.test_gate import CLINICAL
from glede.practices.operations import change_settings
from tests.checklist.point import Figure, Verdict, most, point, share
from tests.checklist.scene import Scene
from tests.checklist.seeing import is_patients
from tests.seats import at_desk
from tests.tenancy.traces import LOOKS as NOTED
from tests.tenancy.traces import fingerprint
from tests.walks.booking import ERRANDS, UNKNOWN_FIELDS, UNKNOWN_SCREENS, UNKNOWN_TAPS, booked_unknown, tapped
from tests.walks.pages import sights

PATIENT = "Patient"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "java_script_enabled": False}


def _without_scripts(scene: Scene) -> dict[str, int]:
    """Do every errand of a phone without JavaScript, once; return what each cost."""
    if "errands" not in scene.benches:
        with scene.elsewhere() as stage, scene.page(stage=stage, **PHONE) as page:
            found = {errand.name: tapped(page, stage, errand) for errand in ERRANDS}
            found["taps"], found["fields"], found["screens"] = booked_unknown(page, stage)
        scene.benches["errands"] = found
    return scene.benches["errands"]


@point(20, PATIENT, "Somebody unknown books in less than a minute, the middle one of five people or more")
def unknown_minute(scene: Scene) -> Figure:
    """Count what it takes; how long people need is for people to say."""
    found = _without_scripts(scene)
    words = f"{found['taps']} taps, {found['fields']} fields, {found['screens']} screens; nobody was timed yet"
    enough = found["taps"] <= UNKNOWN_TAPS and found["screens"] <= UNKNOWN_SCREENS
    return Figure(words, verdict=Verdict.PEOPLE if enough else Verdict.NOT_MET)


@point(21, PATIENT, "Somebody known moves a visit in less than 25 seconds")
def known_moves(scene: Scene) -> Figure:
    """Count the taps; how long people need is for people to say."""
    taps = _without_scripts(scene)["move a visit"]
    return Figure(f"{taps} taps; nobody was timed yet", verdict=Verdict.PEOPLE if taps <= 3 else Verdict.NOT_MET)


@point(22, PATIENT, "A booking has two required fields at most")
def required(scene: Scene) -> Figure:
    """Count them on the page that asks who comes."""
    return most(_without_scripts(scene)["fields"], UNKNOWN_FIELDS, "fields")


@point(23, PATIENT, "Every page of a patient works without JavaScript")
def no_scripts(scene: Scene) -> Figure:
    """Open each, look for scripts, and do every errand with scripts switched off."""
    with_scripts, pages = {where.split()[0] for where in scene.seen.scripts}, len(scene.seen.patient_pages)
    errands = len(_without_scripts(scene)) - 2
    figure = share(pages - len(with_scripts), pages, f"pages, {errands} errands done", sorted(with_scripts))
    return Figure(figure.words, figure.is_met)


@point(24, PATIENT, "No password, no account, no cookie that follows anybody")
def no_account(scene: Scene) -> Figure:
    """Count the fields for passwords and the cookies after every page was opened."""
    strange = sorted(scene.seen.cookies - {"glede_look"})
    words = f"{len(scene.seen.passwords)} fields for passwords, {len(strange)} cookies but the look that was chosen"
    return Figure(words, not strange and not scene.seen.passwords)


@point(25, PATIENT, "The phone number stands on every page")
def phone(scene: Scene) -> Figure:
    """Look for it on each page of a practice."""
    without, pages = {where.split()[0] for where in scene.seen.no_phone}, len(scene.seen.patient_pages)
    return share(pages - len(without), pages, "pages", sorted(without))


@point(26, PATIENT, "Every page asked a hundred times by GET and HEAD changes nothing")
def only_looks(scene: Scene) -> Figure:
    """Ask for patients' pages and the desk's, and compare a hash over every table of the practice."""
    times, practice_id = 3 if scene.is_small else 100, scene.stage.house.id
    clients = {"": Client(), **{who: at_desk(scene.stage.house, who) for who in ("sofie", "ingrid")}}
    paths = [(sight.who, sight.where(scene.stage)) for sight in sights() if not sight.filled]
    before = fingerprint(practice_id, leave_out=NOTED)
    for who, path in paths:
        for _ in range(times):
            clients[who].get(path)
            clients[who].head(path)
    after = fingerprint(practice_id, leave_out=NOTED)
    changed = [table for table, hashed in after.items() if before[table] != hashed]
    return Figure(f"{len(paths)} pages × {times} × 2, {len(changed)} tables changed", not changed)


@point(27, PATIENT, "The price stands before a name is asked for")
def price_first(scene: Scene) -> Figure:
    """Look at the first page of a booking, and for the field of a name on it and the next."""
    client, slug = Client(), scene.stage.house.practice.slug
    first = client.get(f"/book/{slug}/").content.decode()
    second = client.get(f"/book/{slug}/eye-test/").content.decode()
    priced = len(re.findall(r"\d\s?(?:&nbsp;|\u00a0)?kr", first))
    asked = 'name="name"' in first + second
    return Figure(f"{priced} prices on the first page, a name is asked on the third", priced > 0 and not asked)


@point(28, PATIENT, "The link to a public review is the same whatever somebody thought")
def same_review(scene: Scene) -> Figure:
    """Give each of five scores, each in the same morning anew, and compare what follows."""
    seen = set()
    for score in range(1, 6):
        with scene.elsewhere() as stage:
            given: dict[str, Any] = {"practice_id": stage.house.id, "by": stage.house.by("sofie"), "now": stage.now()}
            change_settings(changes={"review_link": "https://reviews.example/solberg"}, **given)
            stage.clock(stage.now() + timedelta(days=3))
            code, client = stage.link("kari").split("/")[2], Client()
            where = reverse("portal:feedback", args=[code])
            before = client.get(where).content.decode()
            mark = NONCE.search(before)
            assert mark
            after = client.post(where, {"nonce": mark[2], "score": score}, follow=True).content.decode()
            seen.add((before.count("https://reviews.example/solberg"), after.count("https://reviews.example/solberg")))
    return Figure(f"5 scores, {len(seen)} kind of page: {seen}", len(seen) == 1 and seen != {(0, 0)})


@point(29, PATIENT, "By the link alone nothing about health is told")
def nothing_clinical(scene: Scene) -> Figure:
    """Look for such words in every page of a link, and in every message."""
    client, found = Client(), list[str]()
    pages = [sight for sight in sights() if is_patients(sight) and not sight.filled]
    for sight in pages:
        words = re.sub(
            r"<q[ >].*?</q>|class=\"bubble mine\">.*?<", "", client.get(sight.where(scene.stage)).content.decode()
        )
        found += [f"{sight.name}: {match[0]}" for match in CLINICAL.finditer(words)]
    texts = [
        text
        for row in document.default().rows
        for words in row.wording.values()
        for text in (words.short, words.friendly)
    ]
    found += [f"message: {match[0]}" for text in texts for match in CLINICAL.finditer(text)]
    return share(len(pages) + len(texts) - len(found), len(pages) + len(texts), "pages and messages", found)
