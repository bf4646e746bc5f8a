"""The catalogue: a name becomes a layer with a passport.

Comes in: ``layers/`` folders. Goes out: layers in the working CRS, audits, a published index.
Must not know: what a criterion or a rule makes of a layer.
"""
