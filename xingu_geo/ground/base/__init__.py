"""The ground floor: errors, units, sentences, settings, digests.

Comes in: text files and the process environment. Goes out: small tools every room may use.
Must not know: any other room.
"""
