"""Tests of the ground: the server, the databases of tests, the supervisor, the command line."""
