"""One short page in the reader's language, true to the pages it tells of."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from glede.desk.access import MANAGERS, DeskRequest, page

PAGES = (
    (
        "desk:today",
        _("Today"),
        _(
            "What only a person can do, by the clock time we promised. The one who waits longest for what we "
            "promised stands first. Every row ends in one verb."
        ),
    ),
    (
        "desk:close_desk",
        _("Answers"),
        _(
            "Each message has an owner and an hour, counted in open time. At half the row says so, and is everybody’s "
            "where nobody has begun; at three quarters it says so again. “Away” gives back what you owe within the "
            "hour. The desk closes when everyone has an answer, or a colleague’s name and a time."
        ),
    ),
    (
        "desk:today",
        _("Closing a visit"),
        _(
            "After “Done” whoever sees patients says, on one page, when the person comes again and why, whether they "
            "had drops, what to follow up, and who takes over. The usual interval is marked and never chosen for you. "
            "Drops hold what can wait for six hours. “Not now” leaves it beside the day."
        ),
    ),
    (
        "desk:diary",
        _("Diary"),
        _(
            "The day by chair, the week, the month. Hatched is tight: no time between two visits. Drag a visit to move "
            "it, press a free time to book it. Open a visit to cancel it, or see everything that happened to it."
        ),
    ),
    (
        "desk:people",
        _("People"),
        _(
            "Everyone we care for. On a person’s page stands what matters to them, what they get next, and one "
            "stream of all that was said, done, sent and promised."
        ),
    ),
    (
        "desk:outbox",
        _("Outbox"),
        _(
            "Every message with its fate: will go, held, sent, became a call. “Why” tells which step it comes "
            "from, what holds it and the words as the person sees them."
        ),
    ),
    (
        "desk:mails",
        _("Mails that came"),
        _(
            "Every mail of the practice’s mailbox, and what became of it. What cannot be decided is held: open it as "
            "words, say whose it is, or why nobody waits for an answer."
        ),
    ),
    (
        "desk:settings",
        _("Settings"),
        _(
            "What the practice says about itself, what it promises, when it is open, what it offers, who works "
            "here, and the words of its messages. Every change stands in a history and can be undone. For managers "
            "and owners."
        ),
    ),
    (
        "desk:journeys",
        _("The journey"),
        _(
            "What everybody gets and when, each step as a sentence, with how many it reaches in the next 30 days. The "
            "owner presses “Change”, chooses inside the sentence, and sees by name who would get it before anything is "
            "kept. “Undo” and “Older versions” have back what was."
        ),
    ),
    (
        "desk:settings_hours",
        _("When we are open"),
        _("The week, the dates with other hours and the public holidays: what the diary and our promises go by."),
    ),
    ("desk:settings_services", _("What we offer"), _("Each service with its minutes, its price and what to bring.")),
    (
        "desk:thanks",
        _("Thank a colleague"),
        _("One sentence, about a person or a day. They read it once on Today. Nobody is counted or ranked."),
    ),
    (
        "desk:lists",
        _("Bring your list over"),
        _(
            "People and visits from your old system, as a CSV or Excel file. You see what was found before anything is "
            "saved, correct what could not be taken, and can take it all back for 30 days. For managers and owners."
        ),
    ),
)
OF_MANAGERS = frozenset({"desk:settings", "desk:lists"})
KEYS = (
    (("Ctrl K",), _("find anyone, or go anywhere")),
    (("↑", "↓"), _("the row before, the row after")),
    (("↵",), _("the one solid button of the row")),
    (("r",), _("reply, or write to this person")),
    (("Ctrl ↵",), _("send, and on to the next")),
    (("c",), _("call, then 1 spoke, 2 no answer, 3 wants to move")),
    (("a",), _("arrived")),
    (("e",), _("the next thing: show in, done, see; on a message: no reply needed")),
    (("x",), _("did not come; in the diary, change places with the next visit x is pressed on")),
    (("i",), _("“I have an appointment”")),
    (("d",), _("somebody walks in")),
    (("b",), _("book")),
    (("q",), _("squeeze in, in the diary")),
    (("l",), _("we run late")),
    (("m",), _("move, then 1, 2 or 3 for a time")),
    (("d", "w", "o"), _("day, week, month, in the diary; j goes to a day")),
    (("f",), _("the first free times, then 1 to 9")),
    (("n",), _("note")),
    (("v",), _("another way first, on a person’s page, then 1, 2 or 3")),
    (("w",), _("why they get what they get next")),
    (("h",), _("hand over: two letters of a name, then a note")),
    (("s",), _("see what the person sees")),
    (("y",), _("thank a colleague, on a person’s page")),
    (("z",), _("undo what was just done")),
    (("g", "t"), _("go to Today; d Diary, p People, u Outbox, h Help")),
    (("Esc",), _("close what is open")),
)
ROLES = (
    (_("Everyone"), _("Today, the diary, people, the outbox: answer, ring, book, move, note, hand over.")),
    (_("Manager"), _("also the settings, lists from other systems, and “Stop all” in the outbox.")),
    (_("Owner"), _("also the journey, who signs in, and the switch from rehearsal to live.")),
)


@page("help")
def help_page(request: DeskRequest) -> HttpResponse:
    """Show the help."""
    pages = [p for p in PAGES if p[0] not in OF_MANAGERS or request.membership.role in MANAGERS]
    return render(request, "desk/help/page.html", {"page": "help", "pages": pages, "keys": KEYS, "roles": ROLES})
