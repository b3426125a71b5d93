"""Colleagues: who signs in, in which practice, in which role, and who works at which chair.

Owns users, memberships and practitioners. Never knows a patient.
"""
