"""Sheets to print, and the picture of the map on them.

Comes in: carriers. Goes out: pages in one file. Must not know: any computation.
"""
