"""What a person is asked before a visit, and how far they came."""

from dataclasses import dataclass
from uuid import UUID

from glede.people.models import Asked, ContactPreference, Need, Patient
from glede.people.queries.names import head_of, records_of
from glede.people.rules.asking import FORMAT, QUESTIONS, RELATIONSHIP, SAY_NAME, Question, to_ask
from glede.practices import scope


@dataclass(frozen=True, slots=True)
class BeforeVisit:
    """The questions of a visit in order, the codes gone past, and what was answered: words, or codes of a format."""

    questions: tuple[Question, ...]
    asked: frozenset[str]
    words: dict[str, str]
    formats: frozenset[str]

    @property
    def next(self) -> Question | None:
        """The first question nobody has gone past yet; None where all are done."""
        return next((question for question in self.questions if question.code not in self.asked), None)


def before_visit(practice_id: UUID, patient_id: UUID, visit_id: UUID) -> BeforeVisit:
    """Return what a person is asked before a visit: never what is known of them already."""
    with scope.transaction(practice_id):
        head = head_of(practice_id, patient_id) or patient_id
        records = records_of(practice_id, [head])
        rows = list(Asked.objects.filter(practice_id=practice_id, visit_id=visit_id).select_related("need"))
        needs = list(Need.objects.filter(practice_id=practice_id, patient_id__in=records, ended_at=None))
        person = Patient.objects.get(practice_id=practice_id, pk=head)
        wished = ContactPreference.objects.filter(practice_id=practice_id, patient_id=head, ended_at=None).exists()
    kinds = {need.kind for need in needs}
    known = {question.code for question in QUESTIONS if question.kind in kinds}
    known |= {FORMAT.code} if "format" in kinds else set()
    known |= {SAY_NAME.code} if person.how_to_say else set()
    known |= {RELATIONSHIP.code} if wished or person.style != Patient.Style.FRIENDLY else set()
    asked = frozenset(row.question for row in rows)
    words = {row.question: row.need.words for row in rows if row.need and row.need.ended_at is None}
    mine = [need for need in needs if need.kind == "format" and need.code and need.noted_by_role == "patient"]
    words |= {SAY_NAME.code: person.how_to_say, FORMAT.code: next((n.words for n in mine if n.words), "")}
    return BeforeVisit(to_ask(known, asked), asked, words, frozenset(need.code for need in mine))


def answered_before(practice_id: UUID, visit_id: UUID) -> int:
    """Return how many questions of a visit somebody went past, with an answer or without one."""
    with scope.transaction(practice_id):
        return Asked.objects.filter(practice_id=practice_id, visit_id=visit_id).count()
