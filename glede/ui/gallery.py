"""What the gallery shows: every component in its states, with invented people and one frozen morning."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from glede.ui.presenting import (
    Choice,
    Day,
    DayColumn,
    DaySlot,
    Matters,
    PaletteItem,
    Price,
    QueueRow,
    Reason,
    Slot,
    Verb,
)
from glede.ui.urgency import Urgency, urgency
from glede.ui.widgets import ChoiceCards

NOW = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)  # 09:12 in Oslo
ZONE = "Europe/Oslo"


class Example(forms.Form):
    """A form with one mistake in it."""

    name = forms.CharField(initial="Jonas Vik")
    mobile = forms.CharField(help_text="8 digits", error_messages={"required": "Enter a mobile number"})
    note = forms.CharField(required=False, widget=forms.Textarea)
    why = forms.ChoiceField(
        widget=ChoiceCards,
        choices=[
            ("exam", Choice("Eye test", "40 minutes", "890 kr")),
            ("fit", Choice("My glasses do not feel right", "20 minutes", "0 kr")),
        ],
    )

    def clean_mobile(self) -> str:
        """Refuse the number that the gallery shows."""
        raise forms.ValidationError("Enter a phone number with 8 digits, like 912 34 567")


def _by(minutes: int, made_before: int, gone: float | None = None) -> Urgency:
    made = NOW - timedelta(minutes=made_before)
    return urgency(due=NOW + timedelta(minutes=minutes), made=made, now=NOW, zone=ZONE, gone=gone)


def _rows() -> list[QueueRow]:
    more = [Verb(_("Hand over"), key="h", opens="hand-over"), Verb(_("Why"), key="w", href="#why")]
    return [
        QueueRow(
            "1", "Tor Lind", Verb(_("Call"), key="c", href="#call"), _by(-12, 70), "#person",
            quote="It is the second time they slip.", group="Recover",
            meta=["voicemail 0:41", "Sofie owns it"], more=more,
        ),
        QueueRow(
            "2", "Kari Moe", Verb(_("Reply"), key="r", href="#reply"), _by(18, 51), "#person",
            quote="can I come later??", group="Answer", meta=["text 08:21", "prefers texts"], more=more,
        ),
        QueueRow(
            "3", "Peder Aas", Verb(_("Tell"), key="e", post="#tell"), _by(78, 20), "#person",
            words="varifocals are in the house and checked", group="Ready to collect", meta=["job 4471"],
            thing="glasses",
        ),
    ]  # fmt: skip


def _day() -> Day:
    amal = [
        DaySlot(1, 9, "Ane Ruud", "control", "in", quote="floaters are back"),
        DaySlot(9, 13, "Nils Vold", "tight", "tight"),
        DaySlot(13, 19, "Kari Moe", "her old time, kept", "old"),
        DaySlot(20, 28, "Kari Moe", "held 9 min", "held"),
        DaySlot(30, 38, "11:25", "unhurried", "offer", key="2", value="2"),
    ]
    jon = [
        DaySlot(0, 8, "Rolf Bye", "collect", "gone"),
        DaySlot(8, 12, "time between", kind="buffer"),
        DaySlot(12, 18, "Live Dahl", "booked online just now", "fresh"),
        DaySlot(20, 28, "Hege Ness", "eye test, 40 min", quote="night driving", href="#visit"),
        DaySlot(30, 38, "11:30", "40 min free", "open", href="#book"),
    ]
    marius = [
        DaySlot(0, 6, "Ellen Sund", "here since 08:52", "in", mark="footprints"),
        DaySlot(8, 14, "Per Lie", "done, began 6 min late", "gone", mark="check"),
        DaySlot(16, 24, "kept for what is urgent", kind="urgent"),
        DaySlot(26, 38, "away", kind="away"),
    ]
    columns = [DayColumn("Amal", amal, "unhurried", "calm"), DayColumn("Jon", jon, "tight 09:40 to 12:30", "tight")]
    columns.append(DayColumn("Marius", marius, "unhurried", "calm"))
    return Day(columns, [(0, "09:00"), (12, "10:00"), (24, "11:00"), (36, "12:00")], now=2)


def context() -> dict[str, Any]:
    """Return everything the gallery's template draws."""
    return {
        "page": "gallery",
        "steps": range(1, 11),
        "calm": _by(110, 1),
        "calm_less": _by(70, 35),
        "soon": _by(18, 18),
        "soon_less": _by(14, 90),
        "half": _by(60, 60, 0.5),
        "near": _by(30, 90, 0.75),
        "late": _by(-12, 60),
        "matters": Matters(
            "I want to knit again in the evening.",
            [("Reach me", "Call, 12:00 to 14:00"), ("Budget", "No talk yet"), ("Follow up", "Wedding in May")],
            ["text.", "use drops when she drives."],
        ),
        "rows": _rows(),
        "form": Example({"name": "Jonas Vik", "mobile": "912 34", "why": "exam"}),
        "slots": [
            Slot("1", "10am", "Amal"), Slot("2", "2pm", "Amal", chosen=True), Slot("3", "4:20pm", taken=True),
        ],
        "day": _day(),
        "prices": [
            Price("For the screen", "3,450 kr", "exam, frame, lenses and fitting"),
            Price("For near and far", "6,200 kr", "exam, frame, lenses and fitting"),
            Price("Nothing to buy", "890 kr", "the exam, and your prescription with you"),
        ],
        "points": [18, 14, 16, 10, 12, 22, 11, 9, 12, 7],
        "found": [
            PaletteItem("Kari Moe", "#kari", "71, visit Thu 10:00", name="Kari Moe"),
            PaletteItem("Reply to Kari", "#reply", icon="message-square", key="r"),
            PaletteItem("What will Kari get?", "#why", icon="circle-question-mark", key="w"),
            PaletteItem("Make a new person called Kari", "#new", icon="plus"),
        ],
        "reasons": [
            Reason("Row 12", "Thank you and one question, 2 hours after each visit.", href="#row", link="Version 7"),
            Reason("Facts", "Visit with Jon at 09:00. Bought nothing, so the same row as everyone."),
            Reason("Her choice", "She told Ingrid in March.", quote="text me, not before lunch"),
            Reason("Held by", "Eye drops at 09:12. Nothing that can wait goes out for 6 hours."),
        ],
    }  # fmt: skip
