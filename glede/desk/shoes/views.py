"""Walk in a patient's shoes: whose, the phone, the desk's side, why it came, and what one does."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from glede.desk.access import DeskRequest, page
from glede.desk.outbox.views import row_words
from glede.desk.shoes import telling
from glede.diary.errors import Refused
from glede.inbox.operations import NothingSaid, TooLong
from glede.shoes import operations, playing, queries, sealed
from glede.shoes.copying import read_practice
from glede.shoes.personas import PERSONAS

SEEDS = 1_000_000
THREAD = 8


@csp_update({"frame-src": ["'self'"]})
@page("shoes")
def walk(request: DeskRequest) -> HttpResponse:
    """Show whose shoes there are; with ``walk`` and ``n``, what was seen on that walk up to its n-th moment."""
    context: dict[str, Any] = {"page": "settings", "who": telling.WHO, "seed": _number(request.GET.get("seed"), 1)}
    if "walk" in request.GET:
        context |= _shown(request, request.GET["walk"])
    return render(request, "desk/shoes/page.html", context)


@page("shoes_begin", methods=["POST"])
def begin(request: DeskRequest) -> HttpResponse:
    """Begin a walk as somebody, and live to the first thing that happens."""
    persona = PERSONAS.get(request.POST.get("persona", ""))
    if persona is None:
        raise Http404
    began_at = playing.first_moment(request.practice.pk, request.now)
    language = request.POST.get("language", "")
    asked = operations.Asked(
        persona, _number(request.POST.get("seed"), 1), began_at,
        language=language if language in {"en", "nb"} else "",
    )  # fmt: skip
    try:
        sealed.ensure()
        copied = read_practice(request.practice.pk, since=began_at, until=began_at + timedelta(days=asked.days))
        with sealed.inside():
            begun = operations.begin_walk(asked, copied)
            operations.step_on(begun)
    except sealed.NoSealedDatabase as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:shoes")
    return redirect(_where(begun.practice_id))


@page("shoes_step", methods=["POST"])
def go_on(request: DeskRequest) -> HttpResponse:
    """Let a walk go on: to the next moment, to the end of the year, or by doing something in the patient's place."""
    copy_id, action = _id(request.POST.get("walk", "")), request.POST.get("action", "")
    words = request.POST.get("words", "").strip()
    try:
        with sealed.inside():
            found = queries.walk_of(request.practice.pk, copy_id)
            if action == "year":
                operations.live_on(found, to=found.ends_at)
            elif action in operations.ACTS:
                operations.do_something(found, what=action, words=words)
            else:
                operations.step_on(found)
    except (sealed.NoSealedDatabase, queries.NoSuchWalk):
        raise Http404 from None
    except Refused:
        messages.error(request, gettext("That cannot be done now."))
    except NothingSaid:
        messages.error(request, gettext("Write something first."))
    except TooLong:
        messages.error(request, gettext("That is too long. Write it shorter."))
    return redirect(_where(copy_id))


def _shown(request: DeskRequest, typed: str) -> dict[str, Any]:
    try:
        with sealed.inside():
            found = queries.walk_of(request.practice.pk, _id(typed))
            frames = queries.frames_of(found)
            shown = _number(request.GET.get("n"), len(frames))
            code, is_over = queries.code_at(found, shown), queries.is_over(found)
    except (sealed.NoSealedDatabase, queries.NoSuchWalk):
        raise Http404 from None
    zone, rows = request.practice.zone, row_words(request.practice.pk)
    shown = min(max(shown, 1), max(1, len(frames)))
    until = frames[:shown]
    last = until[-1] if until else {}
    # The page behind a link shows what is now: of an earlier moment only what was said is kept.
    code = code if shown == len(frames) else ""
    is_open = request.GET.get("phone") == "page" and bool(code)
    return {
        "walk": found,
        "persona": telling.WHO.get(found.persona, found.persona),
        "n": shown,
        "total": len(frames),
        "is_newest": shown == len(frames),
        "is_over": is_over,
        "frame": last,
        "what": telling.what(last) if last else "",
        "when": telling.when(last, zone) if last else "",
        "thread": telling.thread(until, zone, THREAD),
        "desk": telling.desk_lines(last, zone, rows) if last else [],
        "reasons": telling.reasons(until, rows),
        "before": _where(found.practice_id, n=shown - 1) if shown > 1 else "",
        "after": _where(found.practice_id, n=shown + 1) if shown < len(frames) else "",
        "moments": [
            (one["n"], telling.when(one, zone), telling.what(one), _where(found.practice_id, n=one["n"]))
            for one in frames
        ],
        "phone_src": reverse("desk:shoes_phone", args=[found.practice_id, f"t/{code}/"]) if is_open else "",
        "phone_href": _where(found.practice_id, n=shown, phone="page") if code and not is_open else "",
        "thread_href": _where(found.practice_id, n=shown) if is_open else "",
        "again": f"{reverse('desk:shoes')}?{urlencode({'seed': found.seed})}",
    }


def _where(copy_id: UUID, **more: Any) -> str:
    return f"{reverse('desk:shoes')}?{urlencode({'walk': copy_id, **more})}"


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise Http404 from None


def _number(typed: str | None, otherwise: int) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and int(typed) < SEEDS else otherwise
