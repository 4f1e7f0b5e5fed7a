"""Verbs that a scorer at work needs: score and monitor.

In go arguments; out come lines and tables on the screen.

Read ``score`` first.
"""
