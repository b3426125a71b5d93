#!/usr/bin/env python
"""Django's own commands, for those who build Glede. Whoever runs it uses `glede`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glede.config.settings")
    from glede.config.cli import management_environment

    with management_environment(sys.argv):
        execute_from_command_line(sys.argv)
