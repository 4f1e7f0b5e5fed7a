"""What the verbs of the team's own reports do, from a configuration to files: one file a verb.

In goes a configuration; out come the report's tables as CSV, with sentences in both languages.
Read ``team_sources.py`` first.
"""
