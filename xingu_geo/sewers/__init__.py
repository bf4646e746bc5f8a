"""Can the environment carry it? The network, its limits, what would help; surveys and the simulator.

Comes in: sewer layers, surveys, ``.inp`` files. Goes out: flows, limits, headroom, tickets, remedies.
Must not know: criteria, weights, ranks.
"""
