"""Values every room shares: time, ids, money, periods, contact, text, words.

Owns no rows and imports no Django. Never decides anything about a patient.
"""
