"""The list before going live, what leaves in the next 24 hours, and the steps that are switched on.

Shows and asks; whether a message may go is decided by ``outbox``, at its hour.
"""
