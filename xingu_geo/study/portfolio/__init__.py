"""Many projects, one capacity.

Comes in: wishes, sites, a network. Goes out: who goes where, with proof. Must not know: who draws it.
"""
