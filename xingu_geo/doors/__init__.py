"""What people see and take away: sentences, files, paper, the command line, the app.

Comes in: carriers of the study. Goes out: text, files, pages. Must not know: any computation.
"""
