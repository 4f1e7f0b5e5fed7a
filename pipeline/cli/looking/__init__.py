"""Verbs that look and write no scorer: check, features, schemes, matrix.

In go arguments; out come lines and tables on the screen.

Read ``check`` first.
"""
