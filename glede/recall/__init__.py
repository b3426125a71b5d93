"""What the end of a visit leaves behind: when the person is due again and why, and what is still to be done for them.

It suggests an interval and never decides one. It books nothing and writes to nobody.
"""
