"""Where can it go? Land, measures, judgements, ranks, weights, doubt.

Comes in: a place and a question. Goes out: eligibility, values, scores, ranks, how firm they stand.
Must not know: files, screens, languages.
"""
