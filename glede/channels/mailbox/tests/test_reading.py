"""What becomes of each mail: whose words, what a machine wrote, what is held; and that no mail does anything else."""

from datetime import timedelta
from typing import Any

import pytest

from glede.channels.mailbox.kept import held, mails_page
from glede.channels.mailbox.tests.imapserver import a_mail
from glede.channels.mailbox.tests.scenes import bring, mails, owed, said, strays, written_to
from glede.channels.mailbox.values import MAILS_AN_HOUR
from glede.channels.operations.mails import NoReason, NoSuchMail, close_mail, open_mail, place_mail
from glede.diary.operations import book_appointment
from glede.diary.queries import free_times, visits_of
from glede.diary.requests import Booking
from glede.inbox.operations import NotAPerson, place_stray
from glede.inbox.queries import conversation_of
from glede.kernel import failpoints
from glede.kernel.actor import SYSTEM
from glede.kernel.ref import Ref
from glede.ledger.queries import events_of, verify
from glede.outbox.models import Touch
from glede.outbox.tests.scenes import Scripted
from glede.people.operations import add_contact, erase_patient
from glede.people.queries import patients_at, reach
from glede.people.values import ContactForm
from glede.practices import scope
from glede.promises.queries import open_promises
from tests.cast import House, open_nordlys

KARI, JONAS = "kari.moe@example.org", "jonas.vik@example.org"
SHARED = "lund@example.org"


def share(house: House) -> None:
    """Let Berit and Arne have one address."""
    for name in ("berit", "arne"):
        add_contact(
            practice_id=house.id, patient_id=house.people[name], contact=ContactForm("email", SHARED), by=SYSTEM,
            now=house.now,
        )  # fmt: skip


def fates(house: House) -> list[tuple[str, str, str]]:
    """What each mail is, and what became of it."""
    return [(m.sort, m.state, m.reason) for m in mails(house)]


def refused(house: House, name: str) -> bool:
    """Whether somebody gets no e-mail any more."""
    return ("email", "all") in reach(house.id, [house.people[name]])[house.people[name]].opted_out


def test_words_stand_with_who_is_known_by_the_address_whatever_name_stands_there(house: House) -> None:
    bring(house, a_mail("Hei", sender=f"Jonas Vik <{KARI.upper()}>", subject=""))
    assert (said(house, "kari"), said(house, "jonas")) == (["Hei"], [])


def test_nobody_is_known_by_a_name_alone(house: House) -> None:
    bring(house, a_mail("Hei", sender="Kari Moe <kari@somewhere.example>"))
    assert (said(house, "kari"), [row.address for row in strays(house)]) == ([], ["kari@somewhere.example"])
    assert [kind for kind, _, _ in owed(house)] == ["answer"]


def test_words_of_an_unknown_address_go_to_whom_a_colleague_says_with_the_address(house: House) -> None:
    bring(house, a_mail("Hei", sender="kari@somewhere.example", subject=""))
    [stray] = strays(house)
    place_stray(
        practice_id=house.id, stray_id=stray.pk, patient_id=house.people["kari"], keeps_number=True,
        by=house.by("ingrid"), now=house.now,
    )  # fmt: skip
    assert said(house, "kari") == ["Hei"]
    assert patients_at(house.id, "email", "kari@somewhere.example") == [house.people["kari"]]


def test_of_two_on_one_address_it_is_the_one_whose_mail_it_answers(house: House, email: Scripted) -> None:
    share(house)
    ref = written_to(house, "berit")
    bring(house, a_mail("Hvem er jeg?", sender=SHARED), a_mail("Ja", sender=SHARED, In_Reply_To=ref))
    assert (said(house, "berit"), said(house, "arne"), len(strays(house))) == (["Ja"], [], 1)


def test_an_answer_stands_beside_the_visit_it_is_about(house: House, email: Scripted) -> None:
    service = next(iter(house.services.values()))
    offer = free_times(house.id, service, from_=(house.now + timedelta(days=3)).date(), days=5, now=house.now)[0]
    booking = Booking(
        patient_id=house.people["jonas"], service_id=service, practitioner_id=offer.practitioner_id, day=offer.day,
        wall_time=offer.wall_time,
    )  # fmt: skip
    visit = book_appointment(practice_id=house.id, request=booking, by=SYSTEM, now=house.now).pk
    ref = written_to(house, "jonas")
    with scope.transaction(house.id):
        Touch.objects.update(subject_kind="appointment", subject_id=visit)
    bring(house, a_mail("AVBESTILL\n\n> Vi sees", sender=JONAS, subject="SV: Timen", References=f"<x@y> {ref}"))
    [piece] = [p for p in conversation_of(house.id, house.people["jonas"]).pieces if p.kind == "said"]
    assert (piece.appointment_id, piece.words) == (visit, "AVBESTILL")
    assert [v.is_ahead for v in visits_of(house.id, house.people["jonas"])] == [True], "a mail moves nothing"


def test_a_refusal_stops_mail_to_everybody_who_shares_the_address(house: House, email: Scripted) -> None:
    share(house)
    bring(house, a_mail("", sender=SHARED, subject="STOPP"))
    assert [refused(house, name) for name in ("berit", "arne", "kari")] == [True, True, False]
    bring(house, a_mail("STOP\n\n-- \nKari", subject="Re: Timen din"))
    assert (refused(house, "kari"), said(house, "kari")) == (True, ["STOP"])
    bring(house, a_mail("Har ellers lysglimt", sender=JONAS, subject="Unsubscribe"))
    assert (refused(house, "jonas"), said(house, "jonas")) == (True, ["Unsubscribe\n\nHar ellers lysglimt"])
    assert next(p.urgency for p in open_promises(house.id) if p.patient_id == house.people["jonas"]) < 5


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        ("Hei", {"Auto_Submitted": "auto-replied"}), ("Hei", {"X_Autoreply": "yes"}),
        ("Hei", {"Precedence": "auto_reply"}), ("Hei", {"Precedence": "bulk"}),
        ("Hei", {"X_Auto_Response_Suppress": "All"}), ("Hei", {"Return_Path": "<>"}),
        ("Out of office: back on Monday", {}), ("Automatisk svar: Ferie", {}), ("Fravær", {}),
    ],
)  # fmt: skip
def test_what_a_machine_answers_is_no_answer_no_refusal_and_is_never_answered(
    house: House, email: Scripted, subject: str, headers: dict[str, str]
) -> None:
    night = house.now - timedelta(hours=6)
    bring(house, a_mail("STOP", subject=subject, **headers), now=night)
    assert (fates(house), said(house, "kari"), owed(house)) == ([("automatic", "read", "")], [], [])
    assert refused(house, "kari") is False
    with scope.transaction(house.id):
        assert Touch.objects.count() == 0, "neither safety net nor receipt"
    [row] = mails(house)
    assert row.patient_id == house.people["kari"], "it stands small with them"


def test_a_person_who_writes_at_night_gets_the_safety_net_and_a_stranger_nothing(house: House) -> None:
    night = house.now - timedelta(hours=6)
    bring(house, a_mail("Hei", Auto_Submitted="no"), a_mail("Hei", sender="x@example.net"), now=night)
    with scope.transaction(house.id):
        assert [t.patient_id for t in Touch.objects.all()] == [house.people["kari"]]


def test_an_automatic_mail_with_words_that_cannot_wait_is_held_and_put_on_top(house: House) -> None:
    bring(house, a_mail("Ser plutselig lysglimt og et svart teppe", Precedence="bulk"))
    assert fates(house) == [("automatic", "held", "urgent_words")]
    assert ("settle", "mail_held", True) in [(p.kind, p.cause, p.urgency < 5) for p in open_promises(house.id)]


def test_a_newsletter_is_nobodys_to_answer_but_one_from_a_patient_is_looked_at(house: House) -> None:
    letters = [a_mail("Tilbud", sender=s, List_Id="<x.example>") for s in ("shop@example.net", KARI)]
    bring(house, *letters)
    assert fates(house) == [("list", "refused", "list"), ("list", "held", "list_of_a_patient")]


def test_our_own_mail_and_the_same_bytes_come_to_nothing(house: House) -> None:
    ours = house.practice.email
    own_ref = f"<{'0' * 32}.1@{ours.rpartition('@')[2]}>"
    twice = a_mail("En gang")
    bring(house, a_mail(sender=ours), a_mail(sender="x@example.net", ref=own_ref), twice, twice)
    assert fates(house)[:2] == [("own", "refused", "own")] * 2
    assert sorted(m.reason for m in mails(house)[2:]) == ["", "twice"]
    assert len(said(house, "kari")) == 1


def test_more_than_anybody_writes_in_an_hour_is_held_and_none_is_lost(house: House) -> None:
    bring(house, *(a_mail(f"Nummer {n}") for n in range(MAILS_AN_HOUR + 3)))
    assert (len(said(house, "kari")), held(house.id)) == (MAILS_AN_HOUR, 3)
    assert {m.reason for m in mails(house)} == {"", "too_many"}
    bring(house, a_mail("Senere"), now=house.now + timedelta(hours=2))
    assert said(house, "kari")[-1].endswith("Senere")


def test_one_poisoned_mail_stops_nobody(house: House) -> None:
    failpoints.arm("mail.read:raise@2")
    bring(house, a_mail("En"), a_mail("To", sender=JONAS), a_mail("Tre", sender="x@example.net"))
    failpoints.arm("")
    assert sorted(m.state for m in mails(house)) == ["held", "read", "read"]
    assert [m.reason for m in mails(house) if m.state == "held"] == ["unreadable"]
    assert ("settle", "mail_held", None) in owed(house)


def test_a_held_mail_is_placed_or_closed_with_a_reason_and_its_promise_kept(house: House) -> None:
    [first, second] = bring(house, a_mail("Hvem?", sender="", subject=""), a_mail("Reklame", sender="", subject=""))
    given: dict[str, Any] = {"practice_id": house.id, "by": house.by("ingrid"), "now": house.now}
    assert held(house.id) == 2
    open_mail(mail_id=first.pk, **given)
    place_mail(mail_id=first.pk, patient_id=house.people["kari"], **given)
    with pytest.raises(NoReason):
        close_mail(mail_id=second.pk, note=" ", **given)
    with pytest.raises(NotAPerson):
        close_mail(mail_id=second.pk, note="Reklame", **{**given, "by": SYSTEM})
    close_mail(mail_id=second.pk, note="Reklame", **given)
    with pytest.raises(NoSuchMail):
        close_mail(mail_id=first.pk, note="Reklame", **given)
    assert sorted(said(house, "kari") + [m.note for m in mails(house)]) == ["", "Hvem?", "Reklame"]
    assert [(kind, cause) for kind, cause, _ in owed(house)] == [("answer", "conversation")]
    kinds = [e.kind for e in events_of(house.id, Ref("raw_mail", first.pk))]
    assert kinds == ["channels.mail.held", "channels.mail.opened", "channels.mail.placed"]


def test_another_practice_finds_and_settles_none_of_it(house: House) -> None:
    other = open_nordlys("kari")
    [row] = bring(house, a_mail("Hvem?", sender=""))
    with pytest.raises(NoSuchMail):
        open_mail(practice_id=other.id, mail_id=row.pk, by=SYSTEM, now=house.now)
    assert mails_page(other.id, only_held=False) == ([], None)


def test_files_are_named_and_not_opened(house: House) -> None:
    body = (
        "--x\r\nContent-Type: text/html\r\n\r\n<p>Se <b>bildet</b><script>alert(1)</script></p>\r\n"
        '--x\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="oye.png"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\naGVp\r\n--x--\r\n"
    )
    raw = f"From: {KARI}\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n{body}".encode()
    bring(house, raw)
    assert said(house, "kari") == ["Se bildet\n\n1 vedlegg: oye.png (1 kB)"]


def test_who_is_forgotten_leaves_no_word_in_any_mail(house: House) -> None:
    bring(house, a_mail("Hemmelig"), a_mail("Borte", Auto_Submitted="auto-replied"))
    erase_patient(
        practice_id=house.id, patient_id=house.people["kari"], reason="asked", by=house.by("sofie"), now=house.now
    )
    assert [(m.sealed, m.address, m.subject) for m in mails(house)] == [(None, "", "")] * 2


def test_every_mail_is_somewhere(house: House) -> None:
    bring(house, a_mail("En"), a_mail("To", sender="x@example.net"), a_mail("", sender=""), b"\x00\xff", b"x")
    assert [problem for problem in verify(house.id).problems if "channels" in problem] == []
    assert {m.state for m in mails(house)} <= {"read", "held", "refused"}
