"""数据来源: every layer, how sure it is, what it decides.

Comes in: a catalogue, the session. Goes out: the page. Must not know: any computation.
"""
