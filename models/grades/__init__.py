"""From calibrated probabilities to grades, what they promise, and whether that was kept.

In go probabilities by horizon and a stated policy; out come grades A-E, promised close rates with intervals,
and value tiers.

Read ``policy`` first.
"""
