"""Mail that comes in: fetched from a practice's mailbox over IMAP, or brought to our address by a provider.

Owns how bytes become a letter, what sort of letter it is, and how a mailbox is read without changing anything in it.
Never deletes, marks or answers a mail, and never decides what a patient gets.
"""
