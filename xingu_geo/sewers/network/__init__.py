"""The environment's carrying capacity: network, flows, hydraulics, headroom.

Comes in: the sewer layers and loads. Goes out: flows, utilisation, headroom by node and by site.
Must not know: criteria, weights, ranks.
"""
