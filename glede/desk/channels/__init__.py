"""How messages leave and mail comes in, as sentences: accounts, a try, what texts cost; mails that are held."""
