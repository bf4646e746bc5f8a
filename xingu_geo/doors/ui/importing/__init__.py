"""数据导入: a file comes in and takes the place of a shipped layer.

Comes in: an upload, the session. Goes out: the page. Must not know: any file format.
"""
