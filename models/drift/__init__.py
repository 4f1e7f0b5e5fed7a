"""What changed since a scorer was learned.

In go a frozen reference and what is read now; out come checks of inputs, scores and grades, each with an
effect, a p-value and a level.

Read ``report`` first.
"""
