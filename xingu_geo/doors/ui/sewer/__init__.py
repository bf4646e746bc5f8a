"""环境容量 and 改造推演: the sewers, the conflict check, what if.

Comes in: a network, tickets, the session. Goes out: the pages. Must not know: any computation.
"""
