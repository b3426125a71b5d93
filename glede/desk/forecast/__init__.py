"""What will go on the days to come, for managers and owners: it shows, and changes nothing.

Per day, channel, row and person, in the very words and with the reason; who cannot be written to; whom the rules leave
out; how many calls fall to the desk; what the texts will cost.
"""
