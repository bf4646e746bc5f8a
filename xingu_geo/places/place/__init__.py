"""One place, whole: its layers, its tables, its sites and its sewers, opened once and asked by all.

Comes in: folders of layers and tables. Goes out: :class:`~xingu_geo.places.place.place.Place`, which knows its CRS.
Must not know: projects, scores, screens.
"""
