"""The configuration: strict, frozen, read from YAML in one place.

In goes a YAML file; out comes a ``Config``, or one line that says which key is wrong and what would be
right.

Read ``config`` first.
"""
