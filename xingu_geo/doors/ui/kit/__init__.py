"""What every page is built from: cache, session, frame, map, tables, looks.

Comes in: carriers, the session. Goes out: parts of pages. Must not know: any one page.
"""
