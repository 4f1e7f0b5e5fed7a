"""How good a score, a grade or a probability is, with its uncertainty over leads.

In go scores, outcomes and the leads they belong to; out come AUC, Brier score, log-loss, lift, close rates
and bootstrap intervals.

Read ``scores`` first.
"""
