"""xingu_geo: where an industrial project can go, and whether the environment carries it.

Comes in: nothing. Goes out: the version. Must not know: any room; importing the package loads and changes nothing.
"""

__version__ = "0.1.0"
