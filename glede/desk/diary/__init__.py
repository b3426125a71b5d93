"""The diary at the desk: the day by chair, a visit, booking, moving, and what happens at the door."""
