"""The words of the lexicon, written by hand from how people talk on the telephone, and copied from no corpus.

In go no data; out come rules (``RULES``), cues (``CUES``) and the tables by which words met are written plainly.

Read ``patterns`` first, which puts the rules in their order.
"""
