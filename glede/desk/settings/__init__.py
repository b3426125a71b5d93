"""Settings as sentences: the practice, its hours, services, people, and the switch from rehearsal to live."""
