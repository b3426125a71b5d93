"""The first page: the code from the terminal, then look around or start a practice."""
