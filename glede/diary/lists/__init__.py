"""Reading the lists of visits a practice brings from the system it had. Pure: no Django, no database.

It says of each row whose visit it is, where it lies and how it stands, and which rows contradict themselves. It never
writes and never decides what is done about them: that is ``diary.operations``.
"""
