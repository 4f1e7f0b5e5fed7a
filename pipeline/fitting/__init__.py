"""Fitting a scorer: periods, trees, calibration, grades and promises.

In go rows with labels; out comes a ``LeadScorer``, or in one line why there are not enough leads.

Read ``fit`` first.
"""
