"""Taking the sources in: every row once, into the buckets of its lead.

In go sources span by span; out comes ``TakenIn``: counts, heads, outcomes, and the rows of whole leads bucket
by bucket, in memory or in a work folder.

Read ``span_intake`` first.
"""
