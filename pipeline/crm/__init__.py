"""The graded list as a CRM's own import takes it: its id column, its header words, its dates and encoding.

In go graded leads and a dialect's ``import``; out comes a file whose ids, numbers and texts are as they were,
and where the CRM has a table for scores of one's own model, that table.

Read ``import_file`` first.
"""
