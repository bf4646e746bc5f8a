"""Land: which parcels touch, which sets of them make a site, whether a building has a place in one.

Comes in: sites. Goes out: pairs, sets, footprints. Must not know: scores, sewers.
"""
