"""Learned grades beside those of rules and of people: where they part, who was right, what it would change.

In goes an evaluation of the test period, out come tables: cross table, agreement, swap sets at equal
capacity, capacity curve, slices, the sharpest disagreements. A label stands as it was given; only where a
scheme has other labels than the policy is it put on the policy's scale, by the close rate learned for it.
Read ``comparison`` first.
"""
