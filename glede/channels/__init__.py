"""The ways messages leave the house: one folder a channel, all of one shape (adapter, config, tests).

Owns the words spoken to each provider. Never decides whether a message may go, and no channel knows another.
"""
