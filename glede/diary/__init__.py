"""The book of visits: who comes when, to whom, for what, and everything that happened to that plan.

Owns appointments and their states as rows, claims on time (which make a double booking
impossible), practitioners' hours, free times, the calendar file and the code of a patient's link.
Never writes to a patient and never knows of messages or journeys: it records what happened in the
ledger, and whoever wants to act on it follows that.
"""
