"""E-mail over SMTP: one connection a batch, one recipient a message.

Owns how a message becomes bytes and how a mail server's answers are read. Class N: after the end of the words
nothing can be asked, so a lost answer is in doubt and never tried again. Never chooses words or people.
"""
