"""Real workers against a real mail server, killed on the way."""
