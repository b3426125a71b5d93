"""The journey as sentences: read by everybody, changed by the owner, every change another version."""
