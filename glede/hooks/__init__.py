"""Where providers call in: delivery reports, inbound mail and texts.

Verifies who calls, keeps what came, and hands it to one operation. In this version nothing calls in
yet but a check that the house stands.
"""
