"""Which columns know the outcome.

In go columns and outcomes; out come how well each column alone orders closes before others, and which of
them stand out.

Read ``suspects`` first.
"""
