"""The command line: each command mirrors a library function.

Comes in: arguments. Goes out: sentences, JSON, files, an exit code. Must not know: any computation.
"""
