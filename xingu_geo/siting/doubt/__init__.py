"""How firm a ranking stands when weights and values are not taken for certain.

Comes in: a matrix, scores, draws. Goes out: acceptability, switch points, grades.
Must not know: why a value is uncertain.
"""
