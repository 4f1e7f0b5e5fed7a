"""What each verb does, from a configuration to files: one file a verb.

In go a ``Config`` and options; out come files and a value that a screen can show.

Read ``score`` first.
"""
