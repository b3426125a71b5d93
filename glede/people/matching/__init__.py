"""Who may stand in the list twice: records compared field by field, in pure functions. Method in docs/matching.md."""
