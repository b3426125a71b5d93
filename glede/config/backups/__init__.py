"""Backups: made, sealed, proved by restoring them, and returned to without telling anybody anything twice.

``sealing`` is the file, ``programs`` runs PostgreSQL's own, ``databases`` makes, drops and swaps, ``making`` and
``returning`` are the two ways, ``newer`` reads what the database knew since, ``upgrading`` migrates on a copy.
"""
