"""The nouns of planning: sites, projects and their types, zones, the industry chain.

Comes in: layers of the roles ``parcels``, ``carriers``, …, and ``data/project_types.toml``.
Goes out: :class:`~xingu_geo.ground.planning.sites.Sites`, :class:`~xingu_geo.ground.planning.projects.Brief`.
Must not know: sewers, scores.
"""
