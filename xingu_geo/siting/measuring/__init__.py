"""What rules and criteria share: the context of one question, and the measures that can be asked of it.

Comes in: sites, layers, a brief, headroom. Goes out: :class:`~xingu_geo.siting.measuring.context.Context`,
:class:`~xingu_geo.siting.measuring.verb.Answer`. Must not know: limits, value functions, weights.
"""
