"""A call: who rings or rang, one line about it, and by when we ring back. Kept at once, or promised with an owner."""
