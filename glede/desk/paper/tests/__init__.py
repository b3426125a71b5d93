"""Tests of the day on paper."""
