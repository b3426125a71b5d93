"""The record: append-only, hash-chained events from which everything else is told.

Owns events, the freshness of subjects, who looked, cursors and command ids. Holds no name and no
free text, and never calls a room above it.
"""
