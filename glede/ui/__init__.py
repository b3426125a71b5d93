"""Looks, words of the shell and small parts: what every page is built of.

Owns the tokens, styles, scripts, fonts and icons, the components and their gallery, the two base
pages, the error pages, the reader's look (size, theme, language, keys), the nonce of a patient's
form and the catalogue tool. It never reads or writes a row and knows no room's rules: a page hands
it values, and it draws them.
"""
