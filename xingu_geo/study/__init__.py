"""The whole order, and what is kept.

Comes in: a place, a study. Goes out: :class:`~xingu_geo.study.run.result.Result` and its kin.
Must not know: files to write, screens to draw.
"""
