"""The pages: each reads the session, asks the study, draws.

Comes in: the session. Goes out: a page. Must not know: any computation.
"""
