"""The people a practice cares for: who they are, how to reach them, what they allow, what matters to them.

Owns patients, households, contact points, preferences, consent, words about a person, notes and the search table.
Never sends anything, never books, never deletes: a newer row follows the older one. Erasure on request is the one
exception, and it leaves its own event.
"""
