"""Where providers call in: delivery reports, and the texts and mails that people write.

Verifies who calls and hands what came to one operation. Says nothing about anybody.
"""
