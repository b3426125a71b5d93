"""The end of a visit at the desk: one screen on which all that it leaves is said in a few keys."""
