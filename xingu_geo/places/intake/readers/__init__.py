"""One reader for each foreign format.

Comes in: a file. Goes out: raw layers with notes. Must not know: which role the layer will fill.
"""
