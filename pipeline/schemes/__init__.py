"""Rule schemes from YAML files, checked against the data, and their grades.

In go scheme files and the as-of matrix; out come a grade per scheme and row, with what the scorer learned for
them.

Read ``scheme_files`` first.
"""
