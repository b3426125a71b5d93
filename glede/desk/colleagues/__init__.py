"""Who works here: a place offered on paper, roles, whose promises go to whom when somebody leaves, and who looked.

Owns the pages; the places themselves are the staff room's. Never shows an invitation's code twice.
"""
