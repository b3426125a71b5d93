"""Staff pages: the desk of a practice.

Translates between people and operations: parse, one operation or query, render. Owns no rows and
decides nothing about the domain.
"""
