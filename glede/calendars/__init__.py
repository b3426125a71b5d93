"""Calendars that clinicians keep elsewhere: read, or fetched one way, so that nobody is booked while they are busy.

Owns the calendars, every file that came, read or refused, and the busy times they hold. Writes to no calendar, deletes
no time because it vanished there, and never moves a visit.
"""
