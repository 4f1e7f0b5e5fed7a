"""From buckets to the rows that are trained on or graded.

In goes ``TakenIn``; out come rows with features and labels for the cohort, or the open leads as of an
instant.

Read ``dataset`` first.
"""
