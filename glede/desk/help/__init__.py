"""Help: what each page does, the keys, rehearsal and live, and who may do what."""
