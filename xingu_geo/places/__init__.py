"""One place, whole: its layers, its tables, and the way in for foreign files.

Comes in: folders and foreign files. Goes out: :class:`~xingu_geo.places.place.place.Place`, layers with passports.
Must not know: how a site is judged.
"""
