"""The versioned journey of a patient, its planner, and the engine that follows the ledger.

Owns the journey documents of a practice, which visit is pinned to which version, what came of a call
before a visit, and the one operation that moves a virtual clock. Never writes a row of another room:
it calls the operations of ``outbox``, ``promises`` and ``diary``; and no room below ever calls it.
"""
