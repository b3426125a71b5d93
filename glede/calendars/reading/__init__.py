"""An iCalendar file (RFC 5545) to busy times: bounded in bytes, lines, depth and steps, and never stopped by one event.

Reads values alone: no Django, no clock, no network.
"""
