"""What is kept of what readers bring.

Comes in: layers of a reader. Goes out: sets on disk that never change. Must not know: sessions, pages.
"""
