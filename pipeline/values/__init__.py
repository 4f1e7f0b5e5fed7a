"""Values as people write them: quantities, times, and words for our domain words.

In go columns of text; out come exact numbers, instants in UTC and the contract's words. Nothing here knows of
files or configurations.

Read ``quantities`` first.
"""
