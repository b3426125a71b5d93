"""Tests of the page about the practice's network."""
