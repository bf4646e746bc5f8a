"""Geometry on the working ground: CRS guards, datum, shapes, nearest, roads, rasters.

Comes in: frames and geometries. Goes out: metres, shares, indices. Must not know: what a layer or a parcel means.
"""
