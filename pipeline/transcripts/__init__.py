"""Transcripts: what was said in a call, and the counts that a log does not keep.

In go the cells of a transcript column; out come the customer's turns and, by a recogniser, the counts that
features read.

Read ``hearing`` first.
"""
