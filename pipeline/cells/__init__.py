"""A column of cells to a column of values, and what is wrong with each cell that cannot be read.

In go cells as they stand in a file and how they are to be read (``reading``); out come values of our own
types and a reason for each cell that has none.

Read ``cells`` first.
"""
