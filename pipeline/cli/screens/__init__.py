"""What the verbs show, by subject.

In go results of commands; out come tables and lines, drawn on a terminal and plain elsewhere.

Read ``evaluation`` first.
"""
