"""What people write to the practice, who answers by when, and the answers.

Owns the one lifelong conversation with each patient, every inbound message (kept for ever, never
changed), every reply, and every closing without a reply with its reason and its name. It never
sends (``outbox`` does), never lowers an urgency by itself and never closes anything unanswered.
"""
