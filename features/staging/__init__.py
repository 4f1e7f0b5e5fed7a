"""From canonical tables to staged ones: what features read.

In go checked tables of leads, calls, orders, stages and facts; out come the same rows dated by when they were
known, in the order that ties are broken by, with owners and derived columns.

Read ``staging`` first.
"""
