"""Watching a scorer at work.

In go a scorer with its frozen reference and what arrived since; out come what changed, what the grades did,
and whether promises were kept.

Read ``monitor`` first.
"""
