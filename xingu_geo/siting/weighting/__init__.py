"""Where weights may come from: pairs, an order, the data.

Comes in: judgements, an order, values. Goes out: weights. Must not know: layers, ranks.
"""
