"""A patient's year, walked by the practice itself: the engine of the field, on another clock, in a database of its own.

Owns the sealed database, the people one can be in it, and the frames of each walk. Never writes where the practice
lives, and never sends: a copy of the practice has a clock that is moved by hand, and such a practice rehearses.
"""
