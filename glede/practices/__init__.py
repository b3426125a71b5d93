"""Organisations, practices, their hours and their mode: whose data is it, and what time is it there.

Owns the scope (both walls of tenancy) and the clock of a practice. Never knows a patient.
"""
