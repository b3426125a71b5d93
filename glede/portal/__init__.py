"""The pages of patients: one link, one visit, over time.

Owns addresses, forms and words under /t/<code>/ and /u/<token>/. A page here parses, asks one
operation or one query, and renders; it never writes a row, never imports a model, never shows
anything clinical, and a GET never changes anything but the note of who looked.
"""
