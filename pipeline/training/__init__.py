"""Training and backtesting as pure values.

In go rows; out come a scorer and its evaluation, or the predictions of refits at one origin after another.
Nothing is written here.

Read ``train`` first.
"""
