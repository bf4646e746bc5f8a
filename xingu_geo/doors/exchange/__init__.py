"""File formats, one manifest, OGC.

Comes in: results as tables. Goes out: files, a server. Must not know: how a result was computed.
"""
