"""The as-of matrix: a row per (lead, as-of), a column per feature.

In go staged tables, a spine of leads and instants, and declared features; out comes the matrix, the same for
training and for scoring. Rows known at an instant are found by position and reduced by prefix sums.

Read ``build`` first.
"""
