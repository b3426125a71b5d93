"""Lists that a practice brings from the system it had: put in, looked at, answered, brought in, taken back.

It owns the lists, what was answered about the columns of each source, and which row made or changed what. It reads no
cell itself (``people.lists`` and ``diary.lists`` do) and never writes a person or a visit but by their operations.
"""
