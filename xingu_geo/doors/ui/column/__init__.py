"""The left column: the brief, the rules, the weights, the layers.

Comes in: the session, the tables. Goes out: choices. Must not know: results.
"""
