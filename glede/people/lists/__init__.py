"""Reading the lists a practice brings from the system it had: files in, frozen rows out. Pure: no Django, no database.

It opens a list, finds which column is which, and reads each cell; what it cannot read it leaves empty and says so.
It never decides who is who and never writes: that is done in ``people.operations`` and ``diary.operations``.
"""
