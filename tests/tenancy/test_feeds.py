"""Every address outside the desk: patient pages, calendar file, unsubscribe, health, the interface, signing in.

A visit's link opens that visit alone, whatever ids, codes and marks of the other practice come with it.
"""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from glede.channels.mailbox.tests.scenes import key_of, post_mail
from glede.channels.operations.mailboxes import open_mail_address
from glede.channels.sms.tests.scenes import call, with_account, write_in
from glede.diary.following import follow_token
from glede.kernel.actor import SYSTEM
from glede.kernel.ids import new_id
from glede.outbox.unsubscribing import unsubscribe_token
from glede.staff.operations import NoSuchColleague, open_day_feed
from glede.ui import nonce
from tests.depth import DEPTH
from tests.estate import Estate, an_estate
from tests.tenancy.traces import LOOKS, fingerprint, told_of

PATIENT_PAGES = {
    "visit", "again", "confirmation", "arrival", "lateness", "move", "cancellation", "call_back", "calendar", "talk",
    "preferences", "quiet", "news", "held", "rights", "rights_ask", "correction", "feedback", "prices",
    "bring", "place", "history", "receipt",
    "wrong_number", "before", "before_question", "before_thanks",
}  # fmt: skip
ELSEWHERE = {
    "booking:reasons": "one practice's free times, to anybody; what is offered is its own",
    "booking:times": "one practice's free times, to anybody",
    "booking:wish": "a form for anybody: the words of a new person to one practice",
    "booking:who": "one held time's secret, and the practice it was held at",
    "booking:book": "one held time's secret, and the practice it was held at",
    "portal:followed": "one visit's token, bound to its link",
    "portal:unsubscribe": "one message's token",
    "hooks:own_day": "one colleague's secret, and times alone",
    "hooks:health": "says whether the house stands",
    "hooks:email_told": "one practice's key, and its provider's password or signature",
    "hooks:mail_incoming": "one practice's key, and its provider's signature",
    "hooks:described_incoming": "one practice's key, and its provider's secret",
    "hooks:described_status": "one practice's key, and its provider's secret",
    "hooks:described_statuses": "one practice's key, and its provider's secret",
    "hooks:text_incoming": "one practice's key, and its provider's signature",
    "hooks:text_status": "one practice's key, and its provider's signature",
    "hooks:here": "answers with a word of the house, about nobody",
    "ui:look": "keeps a reader's own look",
    "ui:gallery": "shows the components with invented people",
    "ui:bundle": "scripts and styles",
    "ui:worker": "a script, the same for everybody",
}
ACTS = (
    "confirm", "arrive", "late", "move", "again", "cancel", "call_back", "talk", "preferences", "quiet", "news",
    "feedback", "question", "wrong_number",
)  # fmt: skip


def addresses() -> set[str]:
    """Return the names of every address outside the desk and the pages of signing in."""
    return {name for name in _walk(get_resolver().url_patterns, "") if not name.startswith(("desk:", ":"))}


def _walk(patterns: Any, space: str) -> Any:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, one.namespace or space)
        elif isinstance(one, URLPattern) and one.name:
            yield f"{space}:{one.name}"


@pytest.fixture
def ours(db: None) -> Estate:
    """Solberg."""
    cache.clear()
    return an_estate("solberg")


@pytest.fixture
def theirs(ours: Estate) -> Estate:
    """Nordlys, in the same database."""
    return an_estate("nordlys")


def test_every_address_is_on_a_list() -> None:
    assert addresses() == {f"portal:{page}" for page in PATIENT_PAGES} | set(ELSEWHERE)


def forms_of(other: Estate, code: str) -> dict[str, Any]:
    """Return every field a patient's form may carry, filled with ids of the other practice."""
    chair = next(iter(other.house.chairs.values()))
    return {
        "slot": f"2026-11-27T10:00|{chair}", "words": "Hei", "minutes": "10", "reason": "time", "score": "5",
        "message": str(other.ids["message_id"]), "appointment": str(other.ids["appointment_id"]),
        "patient": str(other.ids["patient_id"]), "practice": str(other.house.id), "conversation": str(
            other.ids["conversation_id"]), "contact": str(other.ids["contact_id"]), "first": "email", "code": code,
        "practice_id": str(other.house.id), "patient_id": str(other.ids["patient_id"]),
    }  # fmt: skip


def text_of(response: Any) -> str:
    """Return everything an answer says, in its body and where it leads."""
    return str(response.content.decode() + response.headers.get("Location", ""))


def test_a_link_opens_its_own_visit_alone(ours: Estate, theirs: Estate) -> None:
    for mine, other in ((ours, theirs), (theirs, ours))[:DEPTH]:  # at depth 1 one way
        before = fingerprint(other.house.id)
        form = forms_of(other, other.link)
        for name in sorted(PATIENT_PAGES):
            where = reverse(f"portal:{name}", args=[mine.link])
            query = {**form, "show": "more", "from": "2026-11-26"}
            pressed = [Client().post(where, {**form, "nonce": nonce.issue(f"{act}.{mine.link}")}) for act in ACTS]
            for answer in (Client().get(where), Client().get(where, query), *pressed):
                assert answer.status_code < 500, name
                # A page may say back what its reader asked with, and that alone.
                asked = " ".join(form.values())
                assert not [told for told in told_of(other, text_of(answer)) if told not in asked], name
        assert fingerprint(other.house.id) == before


def test_a_mark_of_one_link_presses_nothing_on_another(ours: Estate, theirs: Estate) -> None:
    before = fingerprint(theirs.house.id, leave_out=LOOKS)
    for name in sorted(PATIENT_PAGES):
        where = reverse(f"portal:{name}", args=[theirs.link])
        for act in ACTS:
            form = {**forms_of(ours, ours.link), "nonce": nonce.issue(f"{act}.{ours.link}")}
            answer = Client().post(where, form)
            assert answer.status_code < 500, name
            assert not told_of(ours, text_of(answer)), name
    assert fingerprint(theirs.house.id, leave_out=LOOKS) == before


def test_the_calendar_file_holds_one_visit(ours: Estate, theirs: Estate) -> None:
    feed = Client().get(reverse("portal:calendar", args=[ours.link])).content.decode()
    assert feed.count("BEGIN:VEVENT") == 1
    assert not told_of(theirs, feed)


def test_a_calendar_follows_one_visit_and_no_token_is_turned_on_another(ours: Estate, theirs: Estate) -> None:
    mine, other = ours.ids["appointment_id"], theirs.ids["appointment_id"]
    told = Client().get(f"/t/{follow_token(ours.house.id, mine, ours.link)}/follow.ics")
    assert told.content.decode().count("BEGIN:VEVENT") == 1
    assert not told_of(theirs, told.content.decode())
    for crossed in (
        follow_token(ours.house.id, other, theirs.link), follow_token(theirs.house.id, mine, ours.link),
        follow_token(theirs.house.id, other, ours.link),
    ):  # fmt: skip
        answer = Client().get(f"/t/{crossed}/follow.ics")
        assert answer.status_code == 404
        assert not told_of(theirs, text_of(answer))


def test_a_colleagues_calendar_holds_their_own_visits_alone(ours: Estate, theirs: Estate) -> None:
    given: dict[str, Any] = {"practice_id": ours.house.id, "by": SYSTEM, "now": ours.house.now}
    before = fingerprint(theirs.house.id)
    told = ""
    for key in ours.house.colleagues.values():
        answer = Client().get(f"/hooks/days/{open_day_feed(membership_id=key, **given)}.ics")
        assert answer.status_code == 200
        told += answer.content.decode()
    assert told.count(f"UID:{ours.ids['appointment_id']}@glede") == 1
    assert not told_of(theirs, told)
    assert fingerprint(theirs.house.id) == before
    with pytest.raises(NoSuchColleague):
        open_day_feed(membership_id=theirs.house.colleagues["runa"], **given)


def test_a_token_stops_news_of_its_own_practice_alone(ours: Estate, theirs: Estate) -> None:
    before = fingerprint(theirs.house.id)
    token = unsubscribe_token(ours.house.id, ours.ids["message_id"])
    for answer in (Client().get(f"/u/{token}/"), Client().post(f"/u/{token}/", forms_of(theirs, theirs.link))):
        assert answer.status_code == 200
        assert not told_of(theirs, text_of(answer))
    crossed = unsubscribe_token(ours.house.id, theirs.ids["message_id"])
    turned = unsubscribe_token(theirs.house.id, ours.ids["message_id"])
    for token in (crossed, turned, unsubscribe_token(new_id(), theirs.ids["message_id"])):
        answer = Client().post(f"/u/{token}/")
        assert answer.status_code == 404
        assert not told_of(theirs, text_of(answer))
    assert fingerprint(theirs.house.id) == before


def test_before_anybody_is_known_no_practice_is_shown(ours: Estate, theirs: Estate) -> None:
    for where in ("/hooks/health/", "/ui/gallery/", "/accounts/login/", "/accounts/signup/", "/start/"):
        said = text_of(Client().get(where))
        assert not told_of(theirs, said), where
        assert str(ours.house.id) not in said, where
        assert "solberg.example" not in said or where == "/ui/gallery/", where  # its people are invented


def test_a_look_is_kept_for_the_reader_alone(ours: Estate, theirs: Estate) -> None:
    before = fingerprint(ours.house.id), fingerprint(theirs.house.id)
    Client().post(reverse("ui:look"), {"theme": "dark", "language": "nb", **forms_of(theirs, theirs.link)})
    assert (fingerprint(ours.house.id), fingerprint(theirs.house.id)) == before


def test_a_providers_key_leads_to_its_own_practice_alone(ours: Estate, theirs: Estate) -> None:
    mine, foreign = with_account(ours.house), with_account(theirs.house, sender="+4759440001")
    before = fingerprint(theirs.house.id)
    message = theirs.ids["message_id"]
    told = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    base = "https://solberg.example"
    assert call(f"/hooks/sms/{mine}/status/{message}/", told, base=base).status_code == 200
    assert write_in(mine, "+4740000201", "STOP").status_code == 200  # a number that only they know
    assert call(f"/hooks/sms/{foreign}/status/{message}/", told, base=base).status_code == 403
    changed = {t for t, h in fingerprint(theirs.house.id).items() if before[t] != h}
    assert changed <= {"channels_textaccount"}  # the forged call is counted, and nothing else happens


def test_a_key_for_mail_leads_to_its_own_practice_alone(ours: Estate, theirs: Estate) -> None:
    secret = open_mail_address(practice_id=ours.house.id, by=SYSTEM, now=ours.house.now)
    foreign_secret = open_mail_address(practice_id=theirs.house.id, by=SYSTEM, now=theirs.house.now)
    mine, foreign = key_of(ours.house), key_of(theirs.house)
    before = fingerprint(theirs.house.id)
    raw = b"From: kari.moe@example.org\n\nSTOP\n"
    told = [post_mail(mine, raw, secret), post_mail(mine, raw, foreign_secret), post_mail(foreign, raw, secret)]
    assert told == [200, 403, 403]
    changed = {t for t, h in fingerprint(theirs.house.id).items() if before[t] != h}
    assert changed <= {"channels_mailbox"}  # the forged call is counted, and nothing else happens
