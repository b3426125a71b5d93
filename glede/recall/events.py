"""The names of what can happen at the end of a visit."""

VISIT_CLOSED = "recall.visit.closed"
CLOSING_TAKEN_BACK = "recall.visit.reopened"
PLAN_SET = "recall.plan.set"
PLAN_TAKEN_BACK = "recall.plan.taken_back"
