"""A water company's own tables, and what is wrong with them.

Comes in: tables of nodes, links and loads. Goes out: networks, faults. Must not know: sites, projects.
"""
