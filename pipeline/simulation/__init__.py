"""A simulated telesales team whose true close probabilities are known.

In go a number of leads and a seed; out come sources as a team exports them, and the exact probabilities.

Read ``world`` first.
"""
