"""The words of what a conversation sends: a colleague's answer, or the safety net. Only reads."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from glede.diary.queries import visits_of
from glede.diary.rules import LinkState
from glede.inbox.acknowledging import RECEIPT_ROW
from glede.inbox.acknowledging import ROW as SAFETY_ROW
from glede.inbox.models import Reply
from glede.inbox.safety import safety_line
from glede.kernel.contact import phone_words
from glede.outbox.composing import Content, Draft
from glede.people.queries import reach
from glede.practices.models import Practice
from glede.practices.queries import practice_by_id, public_base
from glede.staff.queries import colleague_names


def compose(practice_id: UUID, drafts: Sequence[Draft], now: datetime) -> Mapping[UUID, Content]:
    """Return the words of each draft about a conversation."""
    practice = practice_by_id(practice_id)
    people = reach(practice_id, [draft.patient_id for draft in drafts])
    replies = {r.touch_id: r for r in Reply.objects.filter(touch_id__in=[draft.touch_id for draft in drafts])}
    names = colleague_names(practice_id)
    found: dict[UUID, Content] = {}
    for draft in drafts:
        person = people.get(draft.patient_id)
        given = person.addressed_name if person else ""
        with translation.override("nb" if draft.language[:2] in {"nb", "nn", "no"} else "en"):
            if draft.row == SAFETY_ROW:
                found[draft.touch_id] = _safety_net(practice, given, draft)
            elif draft.row == RECEIPT_ROW:
                found[draft.touch_id] = _receipt(practice, draft)
            elif draft.touch_id in replies:
                reply = replies[draft.touch_id]
                who = names.get(reply.written_by, "").split(" ")[0] or practice.name
                address = visit_address(practice, draft.patient_id, now) if reply.channel == "link" else ""
                found[draft.touch_id] = _answer(practice, reply, who=who, given=given, address=address)
    return found


def visit_address(practice: Practice, patient_id: UUID, now: datetime) -> str:
    """Return the address of the person's newest visit page that is still open, or ""."""
    base = public_base(practice)
    if not base:
        return ""
    open_ = [v for v in visits_of(practice.pk, patient_id) if v.link_state(now) != LinkState.ENDED]
    return f"{base}/t/{open_[0].link_code}/" if open_ else ""


def _answer(practice: Practice, reply: Reply, *, who: str, given: str, address: str) -> Content:
    subject = _("%(who)s at %(practice)s has answered you") % {"who": who, "practice": practice.name}
    words = reply.words
    if address:
        # They wrote on their own page, so the words stay there; a mailbox is told where to read them.
        words = _("%(given)s, %(who)s has answered your message. Read it and write back here: %(address)s") % {
            "given": given,
            "who": who,
            "address": address,
        }
    return Content(subject=subject, text=f"{words}\n\n{_signature(practice, who)}", is_written_by_hand=True)


def _safety_net(practice: Practice, given: str, draft: Draft) -> Content:
    phone = _phone(practice)
    words = _("Thank you, %(given)s. We have your message. We are closed now and answer when we open.") % {
        "given": given
    }
    line = safety_line(practice.country, draft.language, phone, practice.red_flag_line)
    subject = _("%(practice)s has your message") % {"practice": practice.name}
    return Content(subject=subject, text=f"{words}\n\n{line}\n\n{_signature(practice, '')}")


def _receipt(practice: Practice, draft: Draft) -> Content:
    """What stopped, and how to be reached all the same. It offers nothing and asks nothing (47 CFR 64.1200(a)(12))."""
    told = {"practice": practice.name}
    words = _("You get no more text messages from %(practice)s.") % told
    if draft.channel == "email":
        words = _("You get no more e-mails from %(practice)s.") % told
    phone = _phone(practice)
    call = _("Questions? Call %(phone)s.") % {"phone": phone} if phone else ""
    return Content(subject=words, text=f"{words} {call}".strip())


def _signature(practice: Practice, who: str) -> str:
    return "\n".join(filter(None, (", ".join(filter(None, (who, practice.name))), _phone(practice))))


def _phone(practice: Practice) -> str:
    return phone_words(practice.phone, practice.country) if practice.phone else ""
