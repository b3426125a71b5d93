"""A rehearsal needs no configuration."""

DEADLINE_SECONDS = 1.0
