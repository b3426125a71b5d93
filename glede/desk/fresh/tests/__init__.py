"""Tests of what keeps two desks together."""
