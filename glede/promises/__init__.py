"""What the practice owes a person, with an owner and a clock time.

Owns promises and their outcomes. Names its subject by kind and id; holds no key to a patient, and
never closes a promise without saying why.
"""
