"""What colleagues say to one another: thanks, in one sentence, tied to a person's words or a visit.

Owns thanks. Never counts or ranks people, and never copies what a patient said: it points there.
"""
