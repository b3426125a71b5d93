"""E-mail by a provider's published interface: Postmark or Mailgun, with the practice's own account and domain.

Owns how a mail is handed over (through anymail), and how what the provider tells is read. Class L: each mail carries
our id, and the provider's list is asked for it. Never chooses words or people, and never counts who opened what.
"""
