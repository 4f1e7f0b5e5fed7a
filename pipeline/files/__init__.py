"""Source files: CSV, CSV.gz, Parquet and Excel, whatever wrote them.

In goes a path; out come frames of cells as they stand in the file, whole or span by span, in flat memory.

Read ``source_file`` first.
"""
