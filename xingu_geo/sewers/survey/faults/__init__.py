"""Every kind of fault of a surveyed network.

Comes in: a network as surveyed. Goes out: faults with element and remedy. Must not know: files.
"""
