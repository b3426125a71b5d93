"""People at the desk: find anyone, one page for each, everything said, done, sent and promised."""
