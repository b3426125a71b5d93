"""What people say about their visit, good and bad, and the promise to put it right.

Owns each response, kept for ever as it was given. It never chooses who is asked, never shows or
hides the public-review link by score or mood (the same link stands first for everyone), and never
edits a person's words.
"""
