"""SWMM: the only reader, writer and runner of its files.

Comes in: ``.inp`` files, networks. Goes out: the same, and a second opinion. Must not know: sites, projects.
"""
