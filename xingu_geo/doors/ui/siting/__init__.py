"""选址: the map, the ranking, the card of a site.

Comes in: a result, the session. Goes out: the page. Must not know: any computation.
"""
