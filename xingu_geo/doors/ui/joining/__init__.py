"""拼地: neighbouring parcels joined.

Comes in: assemblies, the session. Goes out: the page. Must not know: any computation.
"""
