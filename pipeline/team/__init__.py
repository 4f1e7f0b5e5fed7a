"""The team's own reports as pure functions over frames: the next day's calls, what agents are paid for.

In go the staged tables with what was known at an instant, the learned grades and the rules of the
configuration; out come frames in which each row of the sources is counted once.
Read ``known.py`` first, then the report in question.
"""
