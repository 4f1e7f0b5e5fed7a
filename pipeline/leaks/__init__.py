"""The leak sentinel: what looks as if it knew the outcome.

In go the training rows and the sources; out come suspects with their evidence in a sentence each.

Read ``sentinel`` first.
"""
