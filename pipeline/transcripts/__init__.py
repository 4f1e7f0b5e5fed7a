"""Transcripts: what was said in a call, and the counts that a log does not keep.

In go the cells of a transcript column; out come the customer's turns and, by a recogniser, the counts that
features read.

Read ``hearing`` first, then ``dialogue``: turns get a meaning (``meaning``), replies and invitations are told
from their order, and the script's flow is followed (``flow``).
"""
