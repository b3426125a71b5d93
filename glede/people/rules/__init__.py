"""Decisions about people from values alone: consent, fields, finding. No Django, no database."""
