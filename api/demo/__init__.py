"""`make demo`: a real exam through the public REST and WebSocket interface, as its clients would drive it.

Nothing of the product is imported here: what these modules know, any client can know.
"""
