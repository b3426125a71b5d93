"""The cast walks through pages in a real browser."""
