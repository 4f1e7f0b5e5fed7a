"""Calibration of each window's hazard, stored as numbers.

In go raw hazards, events and leads at risk; out comes, per window, the family that a contest over time chose,
with its numbers, and the level of the newest rows.

Read ``hazard_calibration`` first.
"""
