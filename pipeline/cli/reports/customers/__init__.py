"""Verbs that tell of customers: how much is filled in of them, who buys, why others refuse, who leaves.

In goes what was typed; out come a table on the terminal and files.
Read ``complete.py`` first.
"""
