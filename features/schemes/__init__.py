"""Rule schemes: a team's own grading rules, evaluated over the as-of matrix.

In goes a scheme as data (labels, rules as bounded SQL-style conditions, thresholds) and a matrix; out come a
label, the rule that fired and why, for every row.

Read ``declaration`` first.
"""
