"""Config puts the rooms together: settings, addresses, the `glede` command, the database server and the supervisor.

It owns how Glede is started and nothing of what Glede does; no room below imports it.
"""
