"""Sets of projects: conflict tickets, cheapest upgrades, site assembly, allocation.

Comes in: sites, headroom, briefs. Goes out: tickets, upgrade sets, assemblies. Must not know: who draws them.
"""
