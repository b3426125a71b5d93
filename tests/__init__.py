"""What tests of several rooms share, and the tests that belong to no room."""
