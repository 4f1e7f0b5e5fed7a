"""From a file's cells to canonical rows, and what is wrong with the rest.

In go raw cells and the configuration; out come typed tables by our names, and for each row that cannot be
used its reason, for the quarantine file.

Read ``ingest`` first.
"""
