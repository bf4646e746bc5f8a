"""What would make it fit: tickets, remedies, works, costs.

Comes in: a network, discharges. Goes out: tickets, remedies, the cheapest works. Must not know: who draws them.
"""
