"""The outbox at the desk: each message the practice intends to send, its fate, and why."""
