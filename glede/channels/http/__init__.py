"""Text messages by any provider that takes them over https: how it is asked stands in a description, not in code.

Owns how a description is read, how a message becomes a request by it, and how answers, reports and replies are
understood by it. Class C where each report carries our own id and can reach us, else N. Never chooses words or people.
"""
