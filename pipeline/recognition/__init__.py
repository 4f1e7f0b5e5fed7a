"""What a file is that nobody has described: whose export, which table, which column is which of ours.

In go files as a CRM or a telephone system exports them; out come the tables that they are, with their joins.
What systems call things stands in ``configs/dialects``, a file each.

Read ``tables_told`` first.
"""
