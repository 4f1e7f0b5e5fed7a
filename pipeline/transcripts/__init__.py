"""Transcripts: what was said in a call, and the counts that a log does not keep.

In go the cells of a transcript column; out come the turns of both sides, whatever the style in which they are
written down, and, by a recogniser, the counts that features read.

Read ``reader`` first, then ``hearing``.
"""
