"""Verbs of the team's own reports: who is called tomorrow, what agents are paid for.

In goes what was typed; out come a table on the terminal and files.
Read ``plan.py`` first.
"""
