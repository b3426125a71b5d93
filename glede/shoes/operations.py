"""Begin a walk, live on, and do something in a patient's place. All of it in the sealed database, and nowhere else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from glede.kernel.actor import SYSTEM
from glede.people import operations as people
from glede.people.values import PersonForm, Wishes
from glede.practices import scope
from glede.practices.durability import relaxed
from glede.shoes import sealed, walking
from glede.shoes.copying import Copied, put_down
from glede.shoes.models import Frame, Walk
from glede.shoes.personas import Persona, in_language

YEAR_DAYS = 365
ACTS = ("say", "book", "move", "complain", "buy_nothing", "felt")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose shoes, in which language, by which seed, from when and for how many days. The same again is the same."""

    persona: Persona
    seed: int
    began_at: datetime
    days: int = YEAR_DAYS
    language: str = ""


def begin_walk(asked: Asked, copied: Copied) -> Walk:
    """Put a copy of the practice and the person down in the sealed database, and return their walk at its beginning.

    Raises ``sealed.NotInside`` anywhere else.
    """
    sealed.check_inside()
    with relaxed():
        copy = put_down(copied, now=asked.began_at)
        language = asked.language or asked.persona.language or copied.language
        patient_id = _bring(copy.practice.pk, asked, language)
        with scope.transaction(copy.practice.pk):
            walk = Walk.objects.create(
                practice_id=copy.practice.pk, home_id=copied.home_id, persona=asked.persona.known_as,
                language=language, seed=asked.seed, state={"person": str(patient_id), "desk": str(copy.desk_id)},
                began_at=asked.began_at, ends_at=asked.began_at + timedelta(days=asked.days),
            )  # fmt: skip
        under_way = walking.of(walk)
        under_way.begin()
        _keep(under_way)
    return walk


def live_on(walk: Walk, *, to: datetime) -> None:
    """Let a walk go on up to ``to``, at most to its end, and keep its frames. Raises ``sealed.NotInside``."""
    sealed.check_inside()
    under_way = walking.of(walk)
    with relaxed():
        under_way.run(min(to, walk.ends_at))
        _keep(under_way)


def step_on(walk: Walk) -> None:
    """Let a walk go on to the next thing that is seen. Raises ``sealed.NotInside``."""
    sealed.check_inside()
    under_way = walking.of(walk)
    with relaxed():
        under_way.step()
        _keep(under_way)


def do_something(walk: Walk, *, what: str, words: str = "") -> None:
    """Do something in the person's place at the hour the walk has come to: one of ``ACTS``, or nothing.

    Raises ``sealed.NotInside``, ``Refused`` of the diary, ``NothingSaid`` and ``TooLong`` of the inbox.
    """
    sealed.check_inside()
    under_way = walking.of(walk)
    with relaxed():
        under_way.do(what, words)
        _keep(under_way)


def settle(walk: Walk) -> None:
    """Let what follows from a button that was pressed on the phone happen, and keep what is seen of it."""
    sealed.check_inside()
    under_way = walking.of(walk)
    with relaxed():
        under_way.run(under_way.now)
        _keep(under_way)


def _bring(practice_id: UUID, asked: Asked, language: str) -> UUID:
    persona = asked.persona
    form = PersonForm(
        given_name=persona.given_name, family_name=persona.family_name, birth_date=persona.birth_date,
        language=language, style=persona.style, phones=(persona.phone,) if persona.phone else (),
        emails=(persona.email,) if persona.email else (),
        source="web" if persona.habits.books_by == "link" else "phone",
    )  # fmt: skip
    given: dict[str, Any] = {"practice_id": practice_id, "by": SYSTEM, "now": asked.began_at}
    patient_id: UUID = people.add_patient(person=form, **given).pk
    people.set_preference(patient_id=patient_id, wishes=Wishes(channels=persona.channels, hours=persona.hours), **given)
    for kind, words in persona.needs:
        people.note_need(patient_id=patient_id, kind=kind, words=in_language(words, language), **given)
    return patient_id


def _keep(under_way: walking.Walking) -> None:
    under_way.state["moments"] = [list(one) for one in under_way.moments]
    under_way.state["told"] = sorted(under_way.told)
    with scope.transaction(under_way.walk.practice_id):
        Frame.objects.bulk_create(under_way.frames)
        Walk.objects.filter(pk=under_way.walk.pk).update(state=under_way.state)
    under_way.frames = []
