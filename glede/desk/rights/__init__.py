"""What people may ask about their data, and who has looked at it."""
