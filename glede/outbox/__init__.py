"""What the practice owes a person by message: touches, messages, attempts, and whether each may go.

Owns every message's fate from plan to arrival, and why; sends each once, as the person sees it; hands to a
colleague what a machine cannot keep. Never knows a visit, a conversation or a channel: rooms above register
the words and the transports. Never sends inside a transaction, and never sends again what may have arrived.
"""
