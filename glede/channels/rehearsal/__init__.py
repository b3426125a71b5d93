"""Where messages go while a practice rehearses: nowhere. Never opens a connection."""
