"""The only place that knows the whole order: a study becomes a result.

Comes in: a study specification and a catalogue. Goes out: :class:`~xingu_geo.study.run.result.Result`.
Must not know: files to write, screens to draw.
"""
