"""What became of the outcomes, told before anything is learned from them.

In go the sources when they are in, and the rows that are learned from; out come a table of closes used and
not used, what is to be said loudly, and the errors that stop a run.

Read ``account`` first.
"""
