"""Today: one queue of what only a person can do, by the clock time promised."""
