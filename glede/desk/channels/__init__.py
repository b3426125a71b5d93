"""How messages leave, as sentences: the account for texts, a try to one's own number, what texts cost."""
