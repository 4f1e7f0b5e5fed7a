"""A scorer beside its rivals on the test period, and the gate.

In go a scorer, its rivals and the test period's rows; out come the leaderboard, promises, value, where grades
part, and whether a challenger may be promoted.

Read ``evaluate`` first.
"""
