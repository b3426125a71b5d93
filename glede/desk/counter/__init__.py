"""Somebody stands at the counter and says: I have an appointment.

Owns the look for their visit wherever it may be, the sentence to say aloud about it, and putting right what we have
not written down. Never says, in any ending, that the patient is at fault.
"""
