"""Every sentence about a result, in both languages.

Comes in: carriers. Goes out: sentences, documents. Must not know: files, screens.
"""
