"""排名论证: is first place luck, where weights come from, what another view would move.

Comes in: a result, the session. Goes out: the page. Must not know: any computation.
"""
