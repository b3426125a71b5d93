"""Lists brought from another system: put in, looked at, brought in, taken back. For managers and owners."""
