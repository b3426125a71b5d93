"""One module for each word of the ``glede`` command; see ``glede.config.cli`` for what it holds."""
