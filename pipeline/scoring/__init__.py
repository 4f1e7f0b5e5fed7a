"""Grading the rows of a bucket, and the list that comes of all buckets.

In go rows and a scorer; out come probabilities, grades, tiers, reasons and rule grades, then one ranked list
in the order of the lead list.

Read ``grader`` first.
"""
