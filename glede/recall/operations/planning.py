"""Say when somebody is due again, and take it back."""

from datetime import datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.clock import day_of
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act, answer, once
from glede.people.operations.patients import locked_all
from glede.people.queries import records_of
from glede.practices.queries import practice_by_id
from glede.recall import errors, events, rules
from glede.recall.models import NextVisit
from glede.recall.values import Plan
from glede.staff.models import Role
from glede.staff.queries import colleagues, sees_patients

WORDS_MOST = 200
MAY_PLAN = frozenset({Role.OPTOMETRIST, Role.MANAGER, Role.OWNER})


def may_plan(practice_id: UUID, by: Actor) -> bool:
    """Return True for whoever may say when somebody is due: a clinician, or a manager of the practice."""
    if by.role != "staff" or by.id is None:
        return by.role == "system"
    role = next((one.role for one in colleagues(practice_id) if one.membership_id == by.id), "")
    return role in MAY_PLAN or sees_patients(practice_id, by.id)


def set_next_visit(
    *,
    practice_id: UUID,
    patient_id: UUID,
    plan: Plan,
    appointment_id: UUID | None = None,
    by: Actor,
    now: datetime,
    command_id: UUID | None = None,
) -> NextVisit:
    """Say when a person is due again and why; what was said before ends and stays in the history.

    The months count from today by the practice's clock. Raises ``NoSuchPatient``, ``NotAllowed`` (a receptionist),
    ``NoSuchMonths``, ``WhyMissing`` (another interval than the usual one, without a reason).
    """
    with act(practice_id, by=by, now=now) as planning:
        pressed = once(planning, command_id)
        person = locked_all(planning, [patient_id])[patient_id]
        if pressed.answer is not None:
            return NextVisit.objects.get(pk=pressed.answer)
        practice = practice_by_id(practice_id)
        today = day_of(now, practice.zone)
        usual = rules.suggest(practice.country, person.birth_date, today, [plan.why])
        _check(planning, plan, usual)
        before = _standing(practice_id, person.pk)
        NextVisit.objects.filter(pk__in=[one.pk for one in before]).update(ended_at=now)
        row = NextVisit.objects.create(
            practice_id=practice_id, patient_id=person.pk, appointment_id=appointment_id, service_id=plan.service_id,
            months=plan.months, due_month=rules.due_month(today, plan.months) if plan.months else None,
            why=plan.why or (usual.group.why if usual else ""), words=plan.words.strip()[:WORDS_MOST],
            suggested=usual.months if usual else None, suggested_by=usual.by if usual else "", set_at=now,
            set_by_role=by.role, set_by_id=by.id, replaces=before[0] if before else None,
        )  # fmt: skip
        planning.record(
            events.PLAN_SET,
            subject=Ref("patient", person.pk),
            patient=person.pk,
            data={"plan": row.pk, "months": row.months, "due": row.due_month and row.due_month.isoformat()[:7],
                  "why": row.why, "usual": row.suggested},
        )  # fmt: skip
        answer(planning, command_id, row.pk)
    return row


def _check(planning: Act, plan: Plan, usual: rules.Suggestion | None) -> None:
    if not may_plan(planning.practice_id, planning.by):
        raise errors.NotAllowed
    if plan.months is not None and not 1 <= plan.months <= rules.MONTHS_MOST:
        raise errors.NoSuchMonths
    is_known = plan.why in set(rules.Why) and (plan.why != rules.Why.OTHER or plan.words.strip())
    if (plan.why and not is_known) or (not plan.why and rules.needs_why(plan.months, usual)):
        raise errors.WhyMissing


def _standing(practice_id: UUID, patient_id: UUID) -> list[NextVisit]:
    rows = NextVisit.objects.filter(
        practice_id=practice_id, patient_id__in=records_of(practice_id, [patient_id]), ended_at=None
    )
    return list(rows.order_by("-set_at", "-id"))


def take_back_next_visit(*, practice_id: UUID, plan_id: UUID, by: Actor, now: datetime) -> NextVisit | None:
    """Take back when somebody is due again; what was said before it stands again, and is returned.

    Raises ``NoSuchPlan`` where it stands no longer, ``NotAllowed``.
    """
    with act(practice_id, by=by, now=now) as taking:
        row = NextVisit.objects.filter(practice_id=practice_id, pk=plan_id).first()
        if row is None:
            raise errors.NoSuchPlan(str(plan_id))
        if not may_plan(practice_id, by):
            raise errors.NotAllowed
        return end_plan(taking, row)


def end_plan(taking: Act, row: NextVisit) -> NextVisit | None:
    """End a plan within an act, and let the one it replaced stand again. Raises ``NoSuchPlan``."""
    subject = Ref("patient", row.patient_id)
    taking.lock(subject)
    if not NextVisit.objects.filter(pk=row.pk, ended_at=None).update(ended_at=taking.now):
        raise errors.NoSuchPlan(str(row.pk))
    before: NextVisit | None = row.replaces
    if before is not None:
        NextVisit.objects.filter(pk=before.pk).update(ended_at=None)
    data = {"plan": row.pk, "stands": before and before.pk}
    taking.record(events.PLAN_TAKEN_BACK, subject=subject, patient=row.patient_id, data=data)
    return before
